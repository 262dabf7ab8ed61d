/* porch-glance.h - what a row of the inbox says about a conversation at a glance
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plain texts and signs, made from plain values, so that they can be tested without a display.
 */
#pragma once

#include "porch-agent.h"
#include "porch-conversation.h"

G_BEGIN_DECLS

/* What stands before the preview. */
typedef enum {
  PORCH_SIGN_NONE,
  PORCH_SIGN_DRAFT, /* the preview is what I began to write */
  PORCH_SIGN_SENT,  /* the last word is ours, and how far it got */
  PORCH_SIGN_RECEIVED,
  PORCH_SIGN_READ,
  PORCH_SIGN_UNSENT, /* the preview is what I wrote and is still to be sent */
  PORCH_SIGN_FAILED, /* the same, which cannot be sent */
} PorchSign;

typedef enum {
  PORCH_CHIP_NONE,
  PORCH_CHIP_WAITING,
  PORCH_CHIP_MISSED,
  PORCH_CHIP_ASSISTANT,
  PORCH_CHIP_SNOOZED,
} PorchChip;

/* Colours that the initials of people stand on; the same as AdwAvatar's. */
#define PORCH_N_TINTS 14

typedef struct {
  char *name;
  char *initials; /* "" for somebody without a name */
  guint tint;     /* 1 to PORCH_N_TINTS */
  char *time;
  PorchSign sign;
  char *preview;
  char *count; /* of unread messages, or NULL */
  PorchChip chip_kind;
  char *chip;
  char *caption; /* "Sales · You" */
  char *label;   /* all of it, for a screen reader */
} PorchGlance;

typedef struct {
  PorchAgent *me;       /* or NULL */
  PorchAgent *assignee; /* or NULL */
  const char *draft;    /* or NULL */
  const char *unsent;   /* or NULL */
  gboolean has_failed;  /* it cannot be sent */
  gint64 now_us;
} PorchGlanceFacts;

/* Fills in all of @self, which holds nothing: one that was used is cleared first. Copies what it
 * shows. */
void porch_glance_init (PorchGlance *self,
                        PorchConversation *conversation,
                        const PorchGlanceFacts *facts);
void porch_glance_clear (PorchGlance *self);

G_END_DECLS
