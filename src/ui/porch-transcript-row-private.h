/* porch-transcript-row-private.h - what the files of a row of the transcript share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * porch-transcript-row.c places and draws; porch-transcript-row-contents.c has what is in it.
 */
#pragma once

#include "porch-transcript-row.h"

G_BEGIN_DECLS

struct _PorchTranscriptRow {
  GtkWidget parent_instance;

  PorchTranscriptShape shape;
  PorchLine *line;
  GtkWidget *pill;
  GtkWidget *sender; /* the name of a colleague, the word "Assistant" */
  GtkWidget *avatar;
  GtkWidget *bubble;
  GtkWidget *caption; /* the words of a line without a bubble */
  GtkWidget *meta;    /* time and state */
  gboolean starts_day;
  int tail;
  gboolean is_stale; /* other contents since the last allocation */
};

G_END_DECLS
