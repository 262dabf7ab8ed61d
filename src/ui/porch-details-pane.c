/* porch-details-pane.c - who the visitor is and where they came from, beside the conversation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is not known has no row. Everything shown came from the visitor's browser or from the
 * visitor, and only what the website vouched for is called verified.
 */
#include "config.h"

#include "porch-details-pane.h"

#include "porch-clock.h"
#include "porch-contact.h"
#include "porch-fact.h"
#include "porch-format.h"
#include "porch-phrase.h"

#include <glib/gi18n.h>

typedef enum {
  PROP_MIRROR = 1,
  PROP_CONVERSATION,
} PorchDetailsPaneProp;

#define N_PROPS (PROP_CONVERSATION + 1)

struct _PorchDetailsPane {
  AdwBin parent_instance;

  AdwAvatar *avatar;
  GtkLabel *name;
  GtkLabel *subtitle;
  GtkWidget *about_visitor;
  PorchFact *email;
  PorchFact *page;
  PorchFact *source;
  PorchFact *device;
  PorchFact *holder;
  PorchFact *department;
  PorchFact *started;
  PorchFact *first_answer;
  PorchFact *rating;

  PorchMirror *mirror;
  PorchConversation *conversation;
  PorchThread *thread;
  GSignalGroup *conversation_signals;
  GSignalGroup *thread_signals;
  GSignalGroup *visitor_signals;
  GSignalGroup *contact_signals;
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchDetailsPane, porch_details_pane, ADW_TYPE_BIN)

static void
set_fact (PorchFact *fact, const char *value, const char *detail)
{
  g_object_set (fact, "value", value, "detail", detail, NULL);
}

static char *
dup_host (const char *url)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;

  return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
}

/* "/bikes/norrland", for a page without a title. */
static char *
dup_path (const char *url)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;

  return uri != NULL ? g_strdup (g_uri_get_path (uri)) : g_strdup (url);
}

static char *
dup_presence (PorchVisitor *visitor)
{
  g_autofree char *visits = NULL;
  g_autofree char *seen = NULL;

  if (visitor == NULL)
    return NULL;
  visits = g_strdup_printf (ngettext ("%d visit", "%d visits", (gulong) MAX (1, visitor->n_visits)),
                            (int) MAX (1, visitor->n_visits));
  if (visitor->is_online)
    /* Translators: how often somebody came to the website */
    return g_strdup_printf (_ ("%s · on the site now"), visits);
  if (visitor->last_seen_at == 0)
    return g_steal_pointer (&visits);
  seen = porch_format_age (visitor->last_seen_at, g_get_real_time ());
  /* Translators: how often somebody came to the website, and when they were there last */
  return g_strdup_printf (_ ("%s · last seen %s"), visits, seen);
}

static void
show_visitor (PorchDetailsPane *self)
{
  PorchVisitor *visitor = self->thread != NULL ? porch_thread_get_visitor (self->thread) : NULL;
  g_autofree char *presence = dup_presence (visitor);
  g_autofree char *device = NULL;
  g_autofree char *path = NULL;
  g_autofree char *host = NULL;

  gtk_label_set_label (self->subtitle, presence != NULL ? presence : "");
  if (visitor == NULL) {
    set_fact (self->page, NULL, NULL);
    set_fact (self->source, NULL, NULL);
    set_fact (self->device, NULL, NULL);
    return;
  }
  device = porch_phrase_device (visitor->browser);
  path = dup_path (visitor->page_url);
  host = dup_host (visitor->referrer);
  g_object_set (self->page, "caption",
                visitor->is_online
                ? C_ ("visitor", "Looking at") : C_ ("visitor", "Last looked at"), NULL);
  set_fact (self->page,
            visitor->page_title != NULL && *visitor->page_title != '\0' ? visitor->page_title
                                                                        : path,
            visitor->page_url);
  set_fact (self->source, host, visitor->referrer);
  set_fact (self->device, device, NULL);
}

static void
show_contact (PorchDetailsPane *self)
{
  g_autoptr (PorchContact) contact = NULL;

  if (self->thread != NULL)
    g_object_get (self->thread, "contact", &contact, NULL);
  if (contact == NULL) {
    set_fact (self->email, self->conversation != NULL ? self->conversation->contact_email : NULL,
              NULL);
    return;
  }
  g_object_set (self->email, "caption",
                contact->is_verified ? _ ("E-mail, verified by your website")
                                     : _ ("E-mail, not verified"), NULL);
  set_fact (self->email, contact->email, NULL);
}

static char *
dup_holder (PorchDetailsPane *self)
{
  PorchAgent *me = porch_client_get_agent (porch_mirror_get_client (self->mirror));
  PorchAgent *agent;

  if (porch_mirror_has_left (self->mirror, self->conversation))
    return g_strdup (C_ ("who has a conversation", "Another team"));
  if (self->conversation->assignee == NULL)
    return g_strdup (C_ ("who has a conversation", "Nobody yet"));
  if (me != NULL && g_strcmp0 (me->id, self->conversation->assignee) == 0)
    return g_strdup (C_ ("who has a conversation", "You"));
  agent = porch_mirror_find_agent (self->mirror, self->conversation->assignee);
  return g_strdup (agent != NULL ? agent->name : C_ ("who has a conversation", "A colleague"));
}

static void
show_conversation (PorchDetailsPane *self)
{
  PorchConversation *conversation = self->conversation;
  g_autofree char *name = NULL;
  g_autofree char *holder = NULL;
  g_autofree char *department = NULL;
  g_autofree char *started = NULL;
  g_autofree char *first = NULL;
  g_autofree char *rating = NULL;

  if (conversation == NULL)
    return;
  name = porch_phrase_name (conversation);
  adw_avatar_set_text (self->avatar, name);
  adw_avatar_set_show_initials (self->avatar, porch_phrase_has_name (conversation));
  if (porch_phrase_has_name (conversation))
    gtk_widget_remove_css_class (GTK_WIDGET (self->avatar), "nobody");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->avatar), "nobody");
  gtk_label_set_label (self->name, name);
  holder = dup_holder (self);
  /* Where it went is not ours to see: what we knew of it is no longer true. */
  if (!porch_mirror_has_left (self->mirror, conversation))
    department = porch_phrase_department (conversation->department);
  started = porch_format_moment (conversation->created_at, porch_clock_now_us ());
  if (conversation->first_response_at > 0)
    first = porch_format_span (conversation->first_response_at - conversation->created_at);
  if (conversation->rating > 0)
    /* Translators: stars of five */
    rating = g_strdup_printf (_ ("%d of 5"), (int) conversation->rating);
  set_fact (self->holder, holder, NULL);
  set_fact (self->department, department, NULL);
  set_fact (self->started, started, NULL);
  set_fact (self->first_answer, first, NULL);
  set_fact (self->rating, rating, conversation->rating_comment);
  show_contact (self);
}

/* Who it is comes after the messages, with an answer of its own. */
static void
on_thread_changed (PorchDetailsPane *self)
{
  g_autoptr (PorchContact) contact = NULL;

  g_object_get (self->thread, "contact", &contact, NULL);
  g_signal_group_set_target (self->visitor_signals, porch_thread_get_visitor (self->thread));
  g_signal_group_set_target (self->contact_signals, contact);
  show_visitor (self);
  show_contact (self);
}

static void
set_conversation (PorchDetailsPane *self, PorchConversation *conversation)
{
  PorchThread *thread = NULL;

  if (!g_set_object (&self->conversation, conversation))
    return;
  if (conversation != NULL)
    thread = porch_mirror_get_thread (self->mirror, conversation);
  g_set_object (&self->thread, thread);
  g_signal_group_set_target (self->conversation_signals, conversation);
  g_signal_group_set_target (self->thread_signals, self->thread);
  if (conversation == NULL)
    return;
  show_conversation (self);
  on_thread_changed (self);
}

static void
porch_details_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PorchDetailsPane *self = PORCH_DETAILS_PANE (object);

  switch ((PorchDetailsPaneProp) id) {
  case PROP_MIRROR:
    g_value_set_object (value, self->mirror);
    break;
  case PROP_CONVERSATION:
    g_value_set_object (value, self->conversation);
    break;
  }
}

static void
porch_details_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PorchDetailsPane *self = PORCH_DETAILS_PANE (object);

  switch ((PorchDetailsPaneProp) id) {
  case PROP_MIRROR:
    self->mirror = g_value_dup_object (value);
    g_signal_connect_object (self->mirror, "scope-changed", G_CALLBACK (show_conversation), self,
                             G_CONNECT_SWAPPED);
    break;
  case PROP_CONVERSATION:
    set_conversation (self, g_value_get_object (value));
    break;
  }
}

static void
porch_details_pane_dispose (GObject *object)
{
  PorchDetailsPane *self = PORCH_DETAILS_PANE (object);

  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->thread_signals);
  g_clear_object (&self->visitor_signals);
  g_clear_object (&self->contact_signals);
  g_clear_object (&self->conversation);
  g_clear_object (&self->thread);
  g_clear_object (&self->mirror);

  G_OBJECT_CLASS (porch_details_pane_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               PORCH_RESOURCE_PATH "/ui/porch-details-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, avatar);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, name);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, subtitle);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, about_visitor);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, email);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, page);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, source);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, device);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, holder);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, department);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, started);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, first_answer);
  gtk_widget_class_bind_template_child (widget_class, PorchDetailsPane, rating);
}

static void
porch_details_pane_class_init (PorchDetailsPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_details_pane_get_property;
  object_class->set_property = porch_details_pane_set_property;
  object_class->dispose = porch_details_pane_dispose;

  properties[PROP_MIRROR] =
    g_param_spec_object ("mirror", NULL, NULL, PORCH_TYPE_MIRROR,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, PORCH_TYPE_CONVERSATION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_FACT);
  bind_template (widget_class);
}

static void
porch_details_pane_init (PorchDetailsPane *self)
{
  self->conversation_signals = g_signal_group_new (PORCH_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify",
                                  G_CALLBACK (show_conversation), self);
  self->thread_signals = g_signal_group_new (PORCH_TYPE_THREAD);
  g_signal_group_connect_swapped (self->thread_signals, "notify::visitor",
                                  G_CALLBACK (on_thread_changed), self);
  g_signal_group_connect_swapped (self->thread_signals, "notify::contact",
                                  G_CALLBACK (on_thread_changed), self);
  self->visitor_signals = g_signal_group_new (PORCH_TYPE_VISITOR);
  g_signal_group_connect_swapped (self->visitor_signals, "notify", G_CALLBACK (show_visitor), self);
  self->contact_signals = g_signal_group_new (PORCH_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact_signals, "notify", G_CALLBACK (show_contact), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
porch_details_pane_new (PorchMirror *mirror)
{
  return g_object_new (PORCH_TYPE_DETAILS_PANE, "mirror", mirror, NULL);
}
