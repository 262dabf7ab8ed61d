/* porch-trouble-window.h - why Porchlight cannot open its folder, what was not changed, and the
 * ways on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PORCH_TYPE_TROUBLE_WINDOW (porch_trouble_window_get_type ())
G_DECLARE_FINAL_TYPE (PorchTroubleWindow,
                      porch_trouble_window,
                      PORCH,
                      TROUBLE_WINDOW,
                      AdwApplicationWindow)

typedef struct {
  const char *title, *text;
  const char *kept;    /* what was not changed */
  const char *folder;  /* where it is */
  const char *detail;  /* what the computer says */
  gboolean is_damaged; /* then there is something to save, or a copy to go back to */
} PorchTroubleWords;

/* Signals: "again" (), "salvage" (), "restore" (GFile *copy), and "end" () when it is closed while
 * it works. */
PorchTroubleWindow *porch_trouble_window_new (GtkApplication *app);

void porch_trouble_window_show (PorchTroubleWindow *self, const PorchTroubleWords *words);
/* Something is done that takes its time: @text says how far it is. No button until the next of
 * these three. */
void porch_trouble_window_show_work (PorchTroubleWindow *self, const char *text);
/* It was done: @facts are pairs of what and how many. The way on is to start. */
void porch_trouble_window_show_done (PorchTroubleWindow *self,
                                     const char *text,
                                     const char *const *facts,
                                     const char *aside);

G_END_DECLS
