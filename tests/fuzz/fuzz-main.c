/* fuzz-main.c - runs a fuzz target over its corpus, and over mutations of it, without a fuzzer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz-main FOLDER N: every file, then N inputs made from them, the same ones each time unless the
 * environment has another SEED. It finds what a change breaks; to find what nobody thought of,
 * build with clang and -Dfuzz=true.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t length);

static void
append_part (GByteArray *input, const GByteArray *from, guint at, guint n)
{
  g_autofree guint8 *part = NULL;

  at = MIN (at, from->len);
  n = MIN (n, from->len - at);
  part = n > 0 ? g_memdup2 (from->data + at, n) : NULL;
  g_byte_array_append (input, part, n);
}

static void
mutate (GByteArray *input, GPtrArray *seeds, GRand *dice)
{
  gint n_changes = g_rand_int_range (dice, 1, 6);

  for (gint i = 0; i < n_changes && input->len > 0; i++) {
    guint at = g_rand_int_range (dice, 0, input->len);
    guint n = g_rand_int_range (dice, 1, 32);
    guint8 byte = g_rand_int_range (dice, 0, 256);
    GByteArray *other = g_ptr_array_index (seeds, g_rand_int_range (dice, 0, seeds->len));

    switch (g_rand_int_range (dice, 0, 5)) {
    case 0:
      input->data[at] ^= 1 << byte % 8;
      break;
    case 1:
      input->data[at] = byte;
      break;
    case 2:
      g_byte_array_remove_range (input, at, MIN (n, input->len - at));
      break;
    case 3:
      append_part (input, input, at, n);
      break;
    default:
      append_part (input, other, at, G_MAXUINT);
      break;
    }
  }
}

static GByteArray *
read_seed (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *data = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &data, &length, NULL))
    g_error ("cannot read %s", path);
  return g_byte_array_new_take ((guint8 *) data, length);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) seeds =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  const char *number = g_getenv ("SEED");
  g_autoptr (GRand) dice = g_rand_new_with_seed (number != NULL ? strtoul (number, NULL, 10) : 1);
  g_autoptr (GDir) folder = NULL;
  const char *name = NULL;
  guint n_mutations = 0;

  if (argc != 3 || (folder = g_dir_open (argv[1], 0, NULL)) == NULL)
    g_error ("usage: %s FOLDER N", argv[0]);
  n_mutations = atoi (argv[2]);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (seeds, read_seed (argv[1], name));
  g_assert_cmpuint (seeds->len, >, 0);

  printf ("1..2\n");
  for (guint i = 0; i < seeds->len; i++) {
    GByteArray *seed = g_ptr_array_index (seeds, i);

    LLVMFuzzerTestOneInput (seed->data, seed->len);
  }
  printf ("ok 1 - %u inputs\n", seeds->len);
  fflush (stdout);
  for (guint i = 0; i < n_mutations; i++) {
    GByteArray *seed = g_ptr_array_index (seeds, i % seeds->len);
    g_autoptr (GByteArray) input = g_byte_array_new ();

    g_byte_array_append (input, seed->data, seed->len);
    mutate (input, seeds, dice);
    LLVMFuzzerTestOneInput (input->data, input->len);
  }
  printf ("ok 2 - %u mutations\n", n_mutations);
  return 0;
}
