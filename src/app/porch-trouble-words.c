/* porch-trouble-words.c - when the folder cannot be opened: in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-trouble.h"

#include "porch-error.h"
#include "porch-store.h"

#include <glib/gi18n.h>

static const struct {
  PorchObstacle obstacle;
  const char *title, *text, *kept;
} all_words[] = {
  { PORCH_OBSTACLE_DAMAGED,
    N_ ("The file with your conversations is damaged"),
      N_ ("Porchlight does not write to it, so that nothing gets worse. You can save what can still "
        "be read of it, or go back to a copy."),
        N_ ("The file. Whichever way you choose, it is moved aside and never deleted.") },
      { PORCH_OBSTACLE_NEWER,
        N_ ("This was made by a newer Porchlight"),
          N_ ("Install the newer version again. This one could lose what it does not know."),
              N_ ("The file, nothing of it.") },
          { PORCH_OBSTACLE_DENIED,
            N_ ("Porchlight may not write in its folder"),
              N_ ("New messages could not be kept, so none are taken. Allow yourself to write in this folder "
        "and to the files in it, then try again."),
                  N_ ("Your conversations. They are still there.") },
              { PORCH_OBSTACLE_READ_ONLY,
                N_ ("The disk cannot be written to"),
                    N_ ("It is locked, or it was found faulty and the computer stopped writing to it. Unlock or "
        "check it, then try again."),
                        N_ ("Your conversations. They are still there.") },
                    { PORCH_OBSTACLE_FULL,
                      N_ ("The disk is full"),
                          N_ ("New messages could not be kept, so none are taken. Make some room, then try again."),
                              N_ ("Your conversations. They are still there.") },
                          { PORCH_OBSTACLE_NETWORK,
                            N_ ("The folder is on a network drive"),
                                N_ ("A network drive cannot hold the conversations safely. Move the folder to a disk of this "
        "computer, then try again."),
                                    N_ ("Your conversations. They are still there.") },
                                { PORCH_OBSTACLE_NO_FOLDER,
                                  N_ ("Something else is where the folder should be"),
                                      N_ ("A file has the name of the folder that Porchlight keeps everything in. Give it another "
        "name, then try again."),
                                          N_ ("That file.") },
                                      { PORCH_OBSTACLE_OTHER,
                                        N_ ("Porchlight cannot start"),
                                            N_ ("It could not open the folder in which it keeps everything, or could not be reached."),
                                                N_ ("Your conversations. They are still there.") },
                                       };

void
porch_trouble_describe (const char *folder, const GError *error, PorchTroubleWords *words)
{
  const PorchObstacle obstacle = porch_store_find_obstacle (folder, error);

  *words = (PorchTroubleWords){ .folder = folder, .detail = error->message };
  for (guint i = 0; i < G_N_ELEMENTS (all_words); i++)
    if (all_words[i].obstacle == obstacle) {
      words->title = _ (all_words[i].title);
      words->text = _ (all_words[i].text);
      words->kept = _ (all_words[i].kept);
    }
  words->is_damaged = obstacle == PORCH_OBSTACLE_DAMAGED;
}
