/* porch-banner.c - the strip that says what is wrong with the server, and what to do about it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-banner.h"

#include "porch-error.h"
#include "porch-format.h"
#include "porch-mirror.h"
#include "porch-phrase.h"

#include <glib/gi18n.h>
#include <string.h>

struct _PorchBanner {
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;

  PorchMirror *mirror;
  GSignalGroup *client_signals;
  gboolean is_shown;
};

typedef enum {
  PROP_MIRROR = 1,
  PROP_IS_SHOWN,
} PorchBannerProp;

/* Of which a person finds out more in the help. */
#define PROXY_SILENT "proxy_silent"
/* A copy from before an update that anybody can read. */
#define UNSEALED "unsealed"

#define N_PROPS (PROP_IS_SHOWN + 1)

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchBanner, porch_banner, ADW_TYPE_BIN)

/* What the button does. */
typedef enum {
  WAY_NONE,
  WAY_RETRY,
  WAY_KEEPING,
  WAY_HELP,
} Way;

static char *
dup_offline_words (PorchClient *client)
{
  g_autoptr (GDateTime) heard_at = NULL;
  g_autofree char *time = NULL;

  g_object_get (client, "heard-at", &heard_at, NULL);
  if (heard_at == NULL)
    return g_strdup (_ ("No connection to the server. What you write is kept and sent later."));
  time = porch_format_time (g_date_time_to_unix (heard_at) * G_USEC_PER_SEC);
  /* Translators: the time of day at which the server said something for the last time */
  return g_strdup_printf (_ ("No connection to the server. What you write is kept and sent later. "
                             "Last heard at %s."),
                             time);
}

/* What the owner should know of a server that is there. */
static char *
dup_warning_words (PorchClient *client, Way *way)
{
  const char *address = porch_client_get_address (client);
  g_autofree char *warning = NULL;

  g_object_get (client, "warning", &warning, NULL);
  if (g_strcmp0 (warning, PROXY_SILENT) == 0) {
    *way = WAY_HELP;
    return g_strdup (_ ("The reverse proxy does not say for whom it asks, so the limits for each "
                        "visitor do not hold. It has to send X-Forwarded-For."));
  }
  if (g_strcmp0 (warning, "port_taken") != 0)
    return NULL;
  if (address == NULL)
    return g_strdup (_ ("Another program uses the address of the chat. Visitors cannot reach it."));
  /* Translators: an address such as http://127.0.0.1:8643 */
  return g_strdup_printf (
    _ ("Another program uses the address of the chat. For now visitors reach it at %s."), address);
}

/* Of a server that is there and can keep nothing. */
static const char *
find_trouble_words (const char *trouble)
{
  static const struct {
    const char *code, *words;
  } all[] = {
    { "full",
      N_ ("The disk is full. Nothing new can be kept until there is room; what people write "
                  "stays with them and is sent then.") },
      { "read_only",
        N_ ("The disk takes nothing more. Nothing new can be kept until it can be written "
                       "to; what people write stays with them and is sent then.") },
        { "gone",
          N_ ("The file with the conversations is not in its place any more. Nothing new can be "
                  "kept until it is back, or Porchlight is started anew.") },
          { "failed",
            N_ ("The disk has failed. Nothing new can be kept until Porchlight is started anew.") },
            { "damaged",
              N_ ("The file with the conversations is damaged. Quit Porchlight and start it anew: "
                     "it offers to save what can be read.") },
          };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (strcmp (all[i].code, trouble) == 0)
      return _ (all[i].words);
  return _ ("The server can keep nothing new at the moment.");
}

/* Of backups and secrets. NULL while all is well. */
static const char *
find_keeping_words (PorchClient *client)
{
  g_autofree char *code = NULL;

  g_object_get (client, "keeping", &code, NULL);
  if (code == NULL || *code == '\0')
    return NULL;
  if (strcmp (code, UNSEALED) == 0)
    return _ ("The copy from before the update could not be locked with the passphrase. It is tried "
              "again; the chat goes on.");
  switch (porch_error_code_from_nick (code)) {
  case PORCH_ERROR_KEYRING_LOCKED:
    return _ ("The keyring is locked. What needs a secret waits, backups with a passphrase too; the "
              "chat goes on.");
  case PORCH_ERROR_KEYRING_REFUSED:
    return _ ("The keyring was not opened. What needs a secret waits, backups with a passphrase too; "
              "the chat goes on.");
  case PORCH_ERROR_KEYRING_MISSING:
    return _ ("The keyring cannot be reached. What needs a secret waits, backups with a passphrase "
              "too; the chat goes on.");
  default:
    return _ ("Today’s backup could not be made. It is tried again; the chat goes on.");
  }
}

/* What is worst first. NULL while all is well. */
static char *
dup_words (PorchMirror *mirror, Way *way)
{
  PorchClient *client = porch_mirror_get_client (mirror);
  g_autofree char *problem = NULL, *trouble = NULL;
  const char *keeping;

  *way = porch_client_get_link (client) != PORCH_LINK_LIVE ? WAY_RETRY : WAY_NONE;

  switch (porch_client_get_link (client)) {
  case PORCH_LINK_OFFLINE:
    return dup_offline_words (client);
  case PORCH_LINK_REFUSED:
    return g_strdup (porch_phrase_problem (PORCH_ERROR_UNAUTHORIZED));
  case PORCH_LINK_CONNECTING:
  case PORCH_LINK_SET_UP:
    return NULL;
  case PORCH_LINK_LIVE:
    break;
  }
  g_object_get (client, "trouble", &trouble, NULL);
  if (trouble != NULL && trouble[0] != '\0')
    return g_strdup (find_trouble_words (trouble));
  g_object_get (mirror, "problem", &problem, NULL);
  if (problem != NULL)
    return g_strdup (
      _ ("What you write cannot be kept on this computer's disk. It is sent all the same."));
  keeping = find_keeping_words (client);
  /* A warning stays as long as the program runs; nobody being reached is worse all the same. */
  if (keeping == NULL || porch_client_get_address (client) == NULL)
    return dup_warning_words (client, way);
  *way = WAY_KEEPING;
  return g_strdup (keeping);
}

static void
show_button (PorchBanner *self, Way way)
{
  static const struct {
    const char *label, *action, *tooltip;
  } ways[] = {
    [WAY_RETRY] = { N_ ("Try again"), "win.retry", NULL }, [WAY_KEEPING] = {
                                                             N_ ("See why"), "win.show-keeping",
                                                                 N_ ("Backups and secrets") },
                                                             [WAY_HELP] = { N_ ("Help"), "app.help",
                                                                                NULL },
                                                             };

  gtk_widget_set_visible (GTK_WIDGET (self->button), way != WAY_NONE);
  if (way == WAY_NONE)
    return;
  gtk_button_set_label (self->button, _ (ways[way].label));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), ways[way].action);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button),
                               ways[way].tooltip != NULL ? _ (ways[way].tooltip) : NULL);
}

static void
show_words (PorchBanner *self)
{
  g_autofree char *words = NULL;
  Way way = WAY_RETRY;

  if (self->mirror != NULL)
    words = dup_words (self->mirror, &way);
  /* While it slides away it keeps the words that it had. */
  if (words != NULL) {
    gtk_label_set_label (self->label, words);
    show_button (self, way);
  }
  gtk_revealer_set_reveal_child (self->revealer, self->is_shown && words != NULL);
}

static void
set_mirror (PorchBanner *self, PorchMirror *mirror)
{
  if (!g_set_object (&self->mirror, mirror))
    return;
  g_signal_group_set_target (self->client_signals,
                             mirror != NULL ? porch_mirror_get_client (mirror) : NULL);
  if (mirror != NULL)
    g_signal_connect_object (mirror, "notify::problem", G_CALLBACK (show_words), self,
                             G_CONNECT_SWAPPED);
  show_words (self);
}

static void
porch_banner_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchBanner *self = PORCH_BANNER (object);

  switch ((PorchBannerProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_IS_SHOWN:
    g_value_set_boolean (value, self->is_shown);
    break;
  }
}

static void
porch_banner_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchBanner *self = PORCH_BANNER (object);

  switch ((PorchBannerProp) id) {
  case PROP_MIRROR:
    set_mirror (self, g_value_get_object (value));
    g_object_notify_by_pspec (object, pspec);
    break;
  case PROP_IS_SHOWN:
    self->is_shown = g_value_get_boolean (value);
    show_words (self);
    break;
  }
}

static void
porch_banner_dispose (GObject *object)
{
  PorchBanner *self = PORCH_BANNER (object);

  g_clear_object (&self->client_signals);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_banner_parent_class)->dispose (object);
}

static void
porch_banner_class_init (PorchBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_banner_get_property;
  object_class->set_property = porch_banner_set_property;
  object_class->dispose = porch_banner_dispose;

  properties[PROP_MIRROR] = g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_SHOWN] = g_param_spec_boolean ("is-shown", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, PorchBanner, label);
  gtk_widget_class_bind_template_child (widget_class, PorchBanner, button);
}

static void
porch_banner_init (PorchBanner *self)
{
  self->client_signals = g_signal_group_new (PORCH_TYPE_CLIENT);
  g_signal_group_connect_swapped (self->client_signals, "notify::link", G_CALLBACK (show_words),
                                  self);
  g_signal_group_connect_swapped (self->client_signals, "notify::warning", G_CALLBACK (show_words),
                                  self);
  g_signal_group_connect_swapped (self->client_signals, "notify::trouble", G_CALLBACK (show_words),
                                  self);
  g_signal_group_connect_swapped (self->client_signals, "notify::keeping", G_CALLBACK (show_words),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
}
