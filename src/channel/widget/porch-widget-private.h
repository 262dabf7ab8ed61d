/* porch-widget-private.h - what the parts of the widget's channel share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "porch-bucket.h"
#include "porch-guest.h"
#include "porch-scanner.h"
#include "porch-walk.h"
#include "porch-widget.h"

G_BEGIN_DECLS

#define PORCH_WIDGET_HEARTBEAT_S    25
#define PORCH_WIDGET_CLOSE_BLOCKED  4403
#define PORCH_WIDGET_CLOSE_SITE_OFF 4404

struct _PorchWidget {
  PorchService *service;
  GPtrArray *talks;       /* every open socket */
  GHashTable *guests;     /* visitor's id -> PorchGuest, while a socket is open */
  PorchBuckets *writing;  /* messages, by visitor */
  PorchBuckets *acting;   /* other frames, by visitor */
  PorchBuckets *starting; /* conversations, by address */
  GHashTable *assets;     /* name -> Asset */
  GHashTable *words;      /* language -> JSON */
  GHashTable *usual_us;   /* department -> gint64: how long people wait there, NULL at first */
  GSource *ping, *queue_timer;
  GBytes *ping_frame;
  PorchWalk pinging, lighting, checking, stopping;
  gboolean is_light_on, is_stopping;
};

/* One socket of a visitor. Counted, since a command may come back after the socket is gone. */
typedef struct {
  gatomicrefcount ref_count;
  PorchWidget *widget;
  PorchSocket *socket; /* NULL when it is closed */
  PorchSite *site;
  char *origin; /* the website's page that opened it; NULL: our own, or no page */
  char *department, *user_agent;
  char *peer;        /* address, NULL for this computer */
  PorchGuest *guest; /* NULL before the hello was answered */
  gboolean is_entering, is_live, is_legacy;
  gboolean is_light_on; /* as it was told */
  gint64 since, seq;
  char *epoch;
  char *token;        /* given out when the one that came is not good */
  GPtrArray *waiting; /* frames that came before the welcome, of GBytes */
  GPtrArray *held;    /* events that came while it catches up */
  GSource *hello_timer;
  char *legacy_conversation, *legacy_device, *legacy_name; /* the first is a handle */
  gint64 legacy_n;
} PorchTalk;

PorchTalk *porch_talk_ref (PorchTalk *talk);
void porch_talk_unref (PorchTalk *talk);

/* porch-widget-socket.c */
void porch_widget_open_socket (PorchCall *call, gpointer data);
void porch_talk_send (PorchTalk *talk, GString *text);
/* Says it; who is blocked is also sent away. */
void porch_talk_fail (PorchTalk *talk,
                      const GError *error,
                      const char *re,
                      const char *conversation,
                      guint retry_after_ms);
void porch_talk_fail_code (PorchTalk *talk,
                           int code,
                           const char *message,
                           const char *re,
                           guint retry_after_ms);
/* A frame that came. */
void porch_talk_hear (PorchTalk *talk, const char *text, gsize length);

/* porch-widget-hello.c */
void porch_talk_enter (PorchTalk *talk, const PorchFrame *hello);
void porch_talk_leave (PorchTalk *talk);
/* Tells the agents who see the visitor's conversations that they are here, gone, or elsewhere. */
void porch_talk_tell_presence (PorchTalk *talk, PorchEventType type);

/* porch-widget-handlers.c */
void porch_talk_dispatch (PorchTalk *talk, const char *type, const PorchFrame *frame);
/* Says in how many milliseconds the visitor may write again; 0: now. With @is_new it counts as the
 * beginning of a conversation from @peer (NULL: this computer), until that is given back. */
guint
porch_widget_check_rate (PorchWidget *self, const char *visitor, const char *peer, gboolean is_new);
void porch_widget_give_back_start (PorchWidget *self, const char *peer);

/* porch-widget-legacy.c: clients that know no hello and no ids */
void porch_talk_write_legacy (PorchTalk *talk, const PorchFrame *frame);
void porch_talk_tell_legacy (PorchTalk *talk, PorchEvent *event);

/* porch-widget-feed.c: what was missed, then what happens */
void porch_widget_on_event (PorchEvent *event, gpointer data);
void porch_talk_catch_up (PorchTalk *talk);
void porch_widget_tell_queue (PorchWidget *self);
/* A PorchWalk's: tells one socket the light, if it was told another one. */
void porch_talk_tell_light (gpointer talk, gpointer widget);

/* porch-widget-rest.c */
void porch_widget_add_rest (PorchWidget *self, PorchServer *server);

/* porch-widget-assets.c */
void porch_widget_add_assets (PorchWidget *self, PorchServer *server);
/* A file of the widget's, or NULL. */
GBytes *porch_widget_get_file (PorchWidget *self, const char *name);

/* porch-widget-practice.c */
void porch_widget_show_practice (PorchCall *call, gpointer widget);

/* porch-widget-words.c */
GHashTable *porch_widget_load_words (void);
/* A JSON object for "strings"; NULL: English, or a language that nobody has translated. */
const char *porch_widget_find_words (PorchWidget *self, const char *language);

/* Whether the page that calls is ours or one of @site's. Answers the call otherwise. */
gboolean porch_widget_check_origin (PorchWidget *self, PorchCall *call, PorchSite *site);
/* The Origin of a page that is not ours, or NULL. */
char *porch_widget_dup_origin (PorchWidget *self, PorchCall *call);
/* The site of "?site=", or of the Origin; and whether the Origin may. Answers the call otherwise.
 */
PorchSite *porch_widget_check_site (PorchWidget *self, PorchCall *call);
/* A text of @frame (may be NULL) as far as it is usable: facts about a page never spoil a frame. */
char *porch_widget_dup_member (const PorchFrame *frame, const char *path);
/* "Firefox on Android" of a User-Agent, or NULL. */
char *porch_widget_dup_browser (const char *user_agent);

G_END_DECLS
