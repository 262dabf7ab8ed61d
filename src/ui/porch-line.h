/* porch-line.h - one line of a conversation as the window shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a message, a note or an event looks like to a person: who said what, when, and how far it
 * got. It knows nothing of the server. Texts of strangers are cleaned when they are set: valid
 * UTF-8, a name is one line without control characters, a text has at most PORCH_NOTE_CHARACTERS.
 */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

typedef enum {
  PORCH_LINE_VISITOR,
  PORCH_LINE_AGENT, /* a colleague */
  PORCH_LINE_OWN,   /* me */
  PORCH_LINE_ASSISTANT,
  PORCH_LINE_NOTE,   /* for the team only */
  PORCH_LINE_SYSTEM, /* a centred caption: what happened to the conversation */
  PORCH_LINE_NEW,    /* the accent line "2 new messages" */
} PorchLineKind;

#define PORCH_N_LINE_KINDS 7

/* How far a message got. Each claims exactly what the server said, nothing more. */
typedef enum {
  PORCH_DELIVERY_NONE, /* not ours to follow */
  PORCH_DELIVERY_SENDING,
  PORCH_DELIVERY_WAITING, /* for a connection */
  PORCH_DELIVERY_SENT,
  PORCH_DELIVERY_RECEIVED,
  PORCH_DELIVERY_READ,
  PORCH_DELIVERY_FAILED, /* a person must decide: "Try again" */
} PorchDelivery;

#define PORCH_TYPE_LINE_KIND (porch_line_kind_get_type ())
GType porch_line_kind_get_type (void);
#define PORCH_TYPE_DELIVERY (porch_delivery_get_type ())
GType porch_delivery_get_type (void);

#define PORCH_TYPE_LINE (porch_line_get_type ())
G_DECLARE_FINAL_TYPE (PorchLine, porch_line, PORCH, LINE, GObject)

/* Signal "changed": what is shown changed in place (delivery, problem, text, author, time,
 * picture).
 *
 * Properties, all of them settable with g_object_new (): kind, seq, author, author-id, text,
 * icon-name, sent-at-us, delivery, problem, picture, picture-width, picture-height. @author and
 * @text may be NULL. */
PorchLine *porch_line_new (PorchLineKind kind,
                           const char *author,
                           const char *text,
                           gint64 sent_at_us) G_GNUC_WARN_UNUSED_RESULT;
/* The accent line for @n_messages new ones. */
PorchLine *porch_line_new_mark (guint n_messages, gint64 at_us) G_GNUC_WARN_UNUSED_RESULT;

PorchLineKind porch_line_get_kind (PorchLine *self);
/* 0 while the server has not acknowledged it. */
gint64 porch_line_get_seq (PorchLine *self);
void porch_line_set_seq (PorchLine *self, gint64 seq);
/* The name to show; never NULL, but "" for somebody without a name. */
const char *porch_line_get_author (PorchLine *self);
void porch_line_set_author (PorchLine *self, const char *author);
/* Tells people of one name apart; may be NULL. */
const char *porch_line_get_author_id (PorchLine *self);
/* Never NULL. */
const char *porch_line_get_text (PorchLine *self);
void porch_line_set_text (PorchLine *self, const char *text);
/* The symbolic icon of a system line; may be NULL. */
const char *porch_line_get_icon_name (PorchLine *self);
/* The server's time replaces the window's own when the message is acknowledged. */
gint64 porch_line_get_sent_at_us (PorchLine *self);
void porch_line_set_sent_at_us (PorchLine *self, gint64 sent_at_us);

PorchDelivery porch_line_get_delivery (PorchLine *self);
void porch_line_set_delivery (PorchLine *self, PorchDelivery delivery);
/* Why it was not sent, as a sentence for a person ("The file is 14 MB, at most 10 can be sent.").
 * Shown only while the delivery is FAILED; may be NULL. */
const char *porch_line_get_problem (PorchLine *self);
void porch_line_set_problem (PorchLine *self, const char *problem);
/* The delivery in a word or two, translated; NULL for NONE. */
const char *porch_line_get_delivery_words (PorchLine *self);

/* A picture's place is kept by its size before its pixels are here: @picture may be NULL, the size
 * must not be 0 then. */
GdkPaintable *porch_line_get_picture (PorchLine *self);
void porch_line_set_picture (PorchLine *self, GdkPaintable *picture);
gboolean porch_line_get_picture_size (PorchLine *self, int *width, int *height);

G_END_DECLS
