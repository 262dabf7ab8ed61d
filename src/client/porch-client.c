/* porch-client.c - one signed-in connection to a server: calls and the stream of events
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The line is porch-client-link.c's, calls are porch-client-calls.c's; what we say of ourselves is
 * in porch-client-me.c.
 */
#include "config.h"

#include "porch-client.h"

#include "porch-client-parts.h"
#include "porch-client-private.h"
#include "porch-fetch.h"
#include "porch-secret.h"

#include <string.h>

#define LOCAL_URL "http://localhost"

/* clang-format off */
G_DEFINE_ENUM_TYPE (PorchLink, porch_link,
  G_DEFINE_ENUM_VALUE (PORCH_LINK_CONNECTING, "connecting"),
  G_DEFINE_ENUM_VALUE (PORCH_LINK_SET_UP, "set-up"),
  G_DEFINE_ENUM_VALUE (PORCH_LINK_LIVE, "live"),
  G_DEFINE_ENUM_VALUE (PORCH_LINK_OFFLINE, "offline"),
  G_DEFINE_ENUM_VALUE (PORCH_LINK_REFUSED, "refused"))
/* clang-format on */

static GParamSpec *pspecs[PORCH_CLIENT_PROP_HEARD_AT + 1];

enum {
  EVENT,
  RESET,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchClient, porch_client, G_TYPE_OBJECT)

void
porch_client_notify (PorchClient *self, PorchClientProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[prop]);
}

void
porch_client_tell_event (PorchClient *self, JsonObject *event)
{
  g_signal_emit (self, signals[EVENT], 0, event);
}

void
porch_client_tell_reset (PorchClient *self)
{
  g_signal_emit (self, signals[RESET], 0);
}

void
porch_client_set_text (PorchClient *self, char **member, const char *text, PorchClientProp prop)
{
  if (g_strcmp0 (*member, text) == 0)
    return;
  g_free (*member);
  *member = g_strdup (text);
  porch_client_notify (self, prop);
}

/* ---- the object ---- */

static GDateTime *
make_heard_at (PorchClient *self)
{
  return self->heard_us != 0 ? g_date_time_new_from_unix_utc (self->heard_us / G_USEC_PER_SEC)
                             : NULL;
}

static void
porch_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchClient *self = PORCH_CLIENT (object);

  switch ((PorchClientProp) id) {
  case PORCH_CLIENT_PROP_LINK:
    g_value_set_enum (value, self->link);
    break;
  case PORCH_CLIENT_PROP_AGENT:
    g_value_set_object (value, self->agent);
    break;
  case PORCH_CLIENT_PROP_BUSINESS:
    g_value_set_string (value, self->business);
    break;
  case PORCH_CLIENT_PROP_SITE_ID:
    g_value_set_string (value, self->site_id);
    break;
  case PORCH_CLIENT_PROP_SITE_KEY:
    g_value_set_string (value, self->site_key);
    break;
  case PORCH_CLIENT_PROP_SITE_DOMAINS:
    g_value_set_string (value, self->site_domains);
    break;
  case PORCH_CLIENT_PROP_ADDRESS:
    g_value_set_string (value, self->address);
    break;
  case PORCH_CLIENT_PROP_PUBLIC_ADDRESS:
    g_value_set_string (value, self->public_address);
    break;
  case PORCH_CLIENT_PROP_WARNING:
    g_value_set_string (value, self->warning);
    break;
  case PORCH_CLIENT_PROP_TROUBLE:
    g_value_set_string (value, self->trouble);
    break;
  case PORCH_CLIENT_PROP_KEEPING:
    g_value_set_string (value, self->keeping);
    break;
  case PORCH_CLIENT_PROP_HEARD_AT:
    g_value_take_boxed (value, make_heard_at (self));
    break;
  }
}

static void
porch_client_dispose (GObject *object)
{
  PorchClient *self = PORCH_CLIENT (object);

  porch_client_close (self);
  g_clear_object (&self->session);
  g_clear_object (&self->agent);

  G_OBJECT_CLASS (porch_client_parent_class)->dispose (object);
}

static void
porch_client_finalize (GObject *object)
{
  PorchClient *self = PORCH_CLIENT (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->base_url, g_free);
  porch_secret_free (self->token);
  g_clear_pointer (&self->unix_path, g_free);
  g_clear_pointer (&self->epoch, g_free);
  g_clear_pointer (&self->business, g_free);
  g_clear_pointer (&self->site_id, g_free);
  g_clear_pointer (&self->site_key, g_free);
  g_clear_pointer (&self->site_domains, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->public_address, g_free);
  g_clear_pointer (&self->warning, g_free);
  g_clear_pointer (&self->trouble, g_free);
  g_clear_pointer (&self->keeping, g_free);

  G_OBJECT_CLASS (porch_client_parent_class)->finalize (object);
}

static GParamSpec *
new_string_pspec (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
porch_client_class_init (PorchClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_client_get_property;
  object_class->dispose = porch_client_dispose;
  object_class->finalize = porch_client_finalize;

  pspecs[PORCH_CLIENT_PROP_LINK] =
    g_param_spec_enum ("link", NULL, NULL, porch_link_get_type (), PORCH_LINK_CONNECTING, flags);
  pspecs[PORCH_CLIENT_PROP_AGENT] =
    g_param_spec_object ("agent", NULL, NULL, PORCH_TYPE_AGENT, flags);
  pspecs[PORCH_CLIENT_PROP_BUSINESS] = new_string_pspec ("business");
  pspecs[PORCH_CLIENT_PROP_SITE_ID] = new_string_pspec ("site-id");
  pspecs[PORCH_CLIENT_PROP_SITE_KEY] = new_string_pspec ("site-key");
  pspecs[PORCH_CLIENT_PROP_SITE_DOMAINS] = new_string_pspec ("site-domains");
  pspecs[PORCH_CLIENT_PROP_ADDRESS] = new_string_pspec ("address");
  pspecs[PORCH_CLIENT_PROP_PUBLIC_ADDRESS] = new_string_pspec ("public-address");
  pspecs[PORCH_CLIENT_PROP_WARNING] = new_string_pspec ("warning");
  pspecs[PORCH_CLIENT_PROP_TROUBLE] = new_string_pspec ("trouble");
  pspecs[PORCH_CLIENT_PROP_KEEPING] = new_string_pspec ("keeping");
  pspecs[PORCH_CLIENT_PROP_HEARD_AT] =
    g_param_spec_boxed ("heard-at", NULL, NULL, G_TYPE_DATE_TIME, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (pspecs), pspecs);

  signals[EVENT] = g_signal_new ("event", PORCH_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
  signals[RESET] = g_signal_new ("reset", PORCH_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
porch_client_init (PorchClient *self)
{
  self->cancellable = g_cancellable_new ();
  self->pace = porch_pace_default;
  self->wanted_status = -1;
  self->warning = g_strdup ("");
  self->trouble = g_strdup ("");
  self->keeping = g_strdup ("");
}

PorchClient *
porch_client_new (const char *unix_path, const char *base_url, const char *token)
{
  PorchClient *self = NULL;

  g_return_val_if_fail ((unix_path != NULL) != (base_url != NULL), NULL);

  self = g_object_new (PORCH_TYPE_CLIENT, NULL);
  self->unix_path = g_strdup (unix_path);
  self->base_url = g_strdup (base_url != NULL ? base_url : LOCAL_URL);
  self->token = g_strdup (token);
  if (g_str_has_suffix (self->base_url, "/"))
    self->base_url[strlen (self->base_url) - 1] = '\0';
  return self;
}

void
porch_client_start (PorchClient *self)
{
  g_return_if_fail (self->session == NULL);

  self->session = porch_fetch_session_new (self->unix_path, self->pace.answer_s);
  porch_client_knock (self);
}

void
porch_client_close (PorchClient *self)
{
  g_cancellable_cancel (self->cancellable);
  porch_client_hang_up (self);
  porch_client_end_set_up (self);
  if (self->session != NULL)
    soup_session_abort (self->session);
}

void
porch_client_retry (PorchClient *self)
{
  if (self->link == PORCH_LINK_LIVE || self->session == NULL)
    return;
  self->n_failures = 0;
  porch_client_knock (self);
}

PorchLink
porch_client_get_link (PorchClient *self)
{
  return self->link;
}

PorchAgent *
porch_client_get_agent (PorchClient *self)
{
  return self->agent;
}

const char *
porch_client_get_business (PorchClient *self)
{
  return self->business;
}

const char *
porch_client_get_site_key (PorchClient *self)
{
  return self->site_key;
}

const char *
porch_client_get_address (PorchClient *self)
{
  return self->address;
}

const char *
porch_client_get_public_address (PorchClient *self)
{
  return self->public_address;
}

char *
porch_client_dup_snippet (PorchClient *self)
{
  if (self->address == NULL || self->site_key == NULL)
    return NULL;
  return g_strdup_printf ("<script async src=\"%s/widget.js\" data-site=\"%s\"></script>",
                          self->public_address != NULL ? self->public_address : self->address,
                          self->site_key);
}

char *
porch_client_dup_try_url (PorchClient *self)
{
  return self->address != NULL ? g_strconcat (self->address, "/try", NULL) : NULL;
}

void
porch_client_set_pace (PorchClient *self, const PorchPace *pace)
{
  self->pace = *pace;
}

const PorchPace *
porch_client_get_pace (PorchClient *self)
{
  return &self->pace;
}

gint64
porch_client_get_ready_seq (PorchClient *self)
{
  return self->ready_seq;
}
