/* porch-seal.c - a file that only opens with a passphrase
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-seal.h"

#include "porch-error.h"
#include "porch-seal-key.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE        "Porchlight backup, version 1. It opens with its passphrase: porchlight restore FILE\n"
#define PIECE_BYTES (64 * 1024)
#define KEY_BYTES   crypto_secretstream_xchacha20poly1305_KEYBYTES
#define TAG_BYTES   crypto_secretstream_xchacha20poly1305_ABYTES
/* A file says what its key costs; a stranger's must not say what breaks the machine. */
#define OPS_MAX    16
#define MEMORY_MAX (1024 * 1024 * 1024)

typedef struct {
  char line[sizeof LINE - 1];
  guint8 salt[PORCH_SEAL_SALT_BYTES];
  guint8 costs[8]; /* passes and KiB, little endian */
  guint8 check[32];
  guint8 stream[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
} Head;
G_STATIC_ASSERT (sizeof (Head) == sizeof LINE - 1 + 16 + 8 + 32 + 24);

typedef struct {
  const char *from_path, *to_path;
  int from, to;
  Head head;
  guint8 key[KEY_BYTES];
  crypto_secretstream_xchacha20poly1305_state state;
  guint8 plain[PIECE_BYTES], sealed[PIECE_BYTES + TAG_BYTES];
} Seal;

static gboolean
fail_damaged (const char *path, const char *how, GError **error)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_DAMAGED, "%s %s", path, how);
  return FALSE;
}

/* Less than @length only at the end of the file; -1 failed. */
static gssize
read_full (int fd, gpointer data, gsize length)
{
  gsize done = 0;
  gssize n;

  while (done < length && (n = read (fd, (guint8 *) data + done, length - done)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    done += n;
  }
  return done;
}

static gboolean
write_full (Seal *seal, gconstpointer data, gsize length, GError **error)
{
  gsize done = 0;

  while (seal->to >= 0 && done < length) {
    const gssize n = write (seal->to, (const guint8 *) data + done, length - done);

    if (n < 0 && errno != EINTR)
      return porch_error_fail_file ("writing", seal->to_path, error);
    done += MAX (n, 0);
  }
  return TRUE;
}

static void
put_le32 (guint8 *at, guint32 number)
{
  number = GUINT32_TO_LE (number);
  memcpy (at, &number, sizeof number);
}

static guint32
get_le32 (const guint8 *at)
{
  guint32 number;

  memcpy (&number, at, sizeof number);
  return GUINT32_FROM_LE (number);
}

/* The key, and the code over what stands before it. */
static gboolean
make_key (Seal *seal, const char *passphrase, PorchMeter *meter, guint8 *check, GError **error)
{
  const guint64 memory = (guint64) get_le32 (seal->head.costs + 4) * 1024;
  const guint32 ops = get_le32 (seal->head.costs);
  PorchSealRecipe recipe = { .ops = ops, .memory = memory };

  if (ops < crypto_pwhash_OPSLIMIT_MIN || ops > OPS_MAX || memory < crypto_pwhash_MEMLIMIT_MIN ||
      memory > MEMORY_MAX)
    return fail_damaged (seal->from_path, "asks for a key that is out of bounds", error);
  memcpy (recipe.salt, seal->head.salt, sizeof recipe.salt);
  if (!porch_seal_key_make (&recipe, passphrase,
                            meter->options != NULL ? meter->options->cancellable : NULL, seal->key,
                            KEY_BYTES, error))
    return FALSE;
  crypto_generichash (check, sizeof seal->head.check, (const guint8 *) &seal->head,
                      G_STRUCT_OFFSET (Head, check), seal->key, KEY_BYTES);
  return TRUE;
}

static gboolean
open_files (Seal *seal, const char *from, const char *to, GError **error)
{
  seal->from_path = from;
  seal->to_path = to;
  seal->to = -1;
  seal->from = g_open (from, O_RDONLY | O_CLOEXEC, 0);
  if (seal->from < 0)
    return porch_error_fail_file ("opening", from, error);
  if (to == NULL)
    return TRUE;
  seal->to = g_open (to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return seal->to >= 0 || porch_error_fail_file ("making", to, error);
}

/* The end of @seal. Returns @is_good, but for a file that does not reach the disk. */
static gboolean
finish (Seal *seal, gboolean is_good, GError **error)
{
  if (is_good && seal->to >= 0 && fsync (seal->to) != 0)
    is_good = porch_error_fail_file ("syncing", seal->to_path, error);
  if (seal->from >= 0)
    close (seal->from);
  if (seal->to >= 0) {
    close (seal->to);
    if (!is_good)
      g_unlink (seal->to_path);
  }
  sodium_memzero (seal, sizeof *seal);
  g_free (seal);
  return is_good;
}

static Seal *
new_seal (void)
{
  if (sodium_init () < 0)
    g_error ("libsodium does not start");
  return g_new0 (Seal, 1);
}

/* ---- closing ---- */

static struct {
  guint32 ops, memory;
} costs = { crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE };

void
porch_seal_cost_little (void)
{
  costs.ops = crypto_pwhash_OPSLIMIT_MIN;
  costs.memory = crypto_pwhash_MEMLIMIT_MIN;
}

static gboolean
write_head (Seal *seal, const char *passphrase, PorchMeter *meter, GError **error)
{
  memcpy (seal->head.line, LINE, sizeof seal->head.line);
  randombytes_buf (seal->head.salt, sizeof seal->head.salt);
  put_le32 (seal->head.costs, costs.ops);
  put_le32 (seal->head.costs + 4, costs.memory / 1024);
  if (!make_key (seal, passphrase, meter, seal->head.check, error))
    return FALSE;
  crypto_secretstream_xchacha20poly1305_init_push (&seal->state, seal->head.stream, seal->key);
  return write_full (seal, &seal->head, sizeof seal->head, error);
}

static gboolean
seal_pieces (Seal *seal, PorchMeter *meter, GError **error)
{
  gint64 done = 0;
  gssize n;

  do {
    guint8 tag;

    n = read_full (seal->from, seal->plain, PIECE_BYTES);
    if (n < 0)
      return porch_error_fail_file ("reading", seal->from_path, error);
    /* A file that ends with a full piece gets an empty one that says so. */
    tag = n < PIECE_BYTES ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                          : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    crypto_secretstream_xchacha20poly1305_push (&seal->state, seal->sealed, NULL, seal->plain, n,
                                                (const guint8 *) &seal->head, sizeof seal->head,
                                                tag);
    done += n;
    if (!write_full (seal, seal->sealed, n + TAG_BYTES, error) ||
        !porch_meter_tick (meter, done, error))
      return FALSE;
  } while (n == PIECE_BYTES);
  return TRUE;
}

gboolean
porch_seal_close (const char *from,
                  const char *to,
                  const char *passphrase,
                  PorchMeter *meter,
                  GError **error)
{
  Seal *seal = new_seal ();
  const gboolean is_sealed = open_files (seal, from, to, error) &&
                             write_head (seal, passphrase, meter, error) &&
                             seal_pieces (seal, meter, error);

  return finish (seal, is_sealed, error);
}

/* ---- opening ---- */

gboolean
porch_seal_is_sealed (const char *path)
{
  char line[sizeof LINE - 1] = "";
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  const gssize n = fd >= 0 ? read_full (fd, line, sizeof line) : -1;

  if (fd >= 0)
    close (fd);
  return n == sizeof line && memcmp (line, LINE, sizeof line) == 0;
}

static gboolean
read_head (Seal *seal, const char *passphrase, PorchMeter *meter, GError **error)
{
  guint8 check[sizeof seal->head.check];
  const gssize n = read_full (seal->from, &seal->head, sizeof seal->head);

  if (n < 0)
    return porch_error_fail_file ("reading", seal->from_path, error);
  if (n != sizeof seal->head || memcmp (seal->head.line, LINE, sizeof seal->head.line) != 0)
    return fail_damaged (seal->from_path, "is no sealed backup", error);
  if (!make_key (seal, passphrase, meter, check, error))
    return FALSE;
  if (sodium_memcmp (check, seal->head.check, sizeof check) != 0) {
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_PASSPHRASE, "another passphrase opens %s",
                 seal->from_path);
    return FALSE;
  }
  if (crypto_secretstream_xchacha20poly1305_init_pull (&seal->state, seal->head.stream,
                                                       seal->key) != 0)
    return fail_damaged (seal->from_path, "is no sealed backup", error);
  return TRUE;
}

static gboolean
open_pieces (Seal *seal, PorchMeter *meter, GError **error)
{
  gint64 done = 0;
  guint8 tag = 0, more;

  while (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
    const gssize n = read_full (seal->from, seal->sealed, sizeof seal->sealed);

    if (n < 0)
      return porch_error_fail_file ("reading", seal->from_path, error);
    if (n < (gssize) TAG_BYTES)
      return fail_damaged (seal->from_path, "was cut", error);
    if (crypto_secretstream_xchacha20poly1305_pull (&seal->state, seal->plain, NULL, &tag,
                                                    seal->sealed, n, (const guint8 *) &seal->head,
                                                    sizeof seal->head) != 0)
      return fail_damaged (seal->from_path, "was changed or cut", error);
    done += n;
    if (!write_full (seal, seal->plain, n - TAG_BYTES, error) ||
        !porch_meter_tick (meter, done, error))
      return FALSE;
  }
  return read_full (seal->from, &more, 1) == 0 ||
         fail_damaged (seal->from_path, "goes on behind its end", error);
}

gboolean
porch_seal_open (const char *from,
                 const char *to,
                 const char *passphrase,
                 PorchMeter *meter,
                 GError **error)
{
  Seal *seal = new_seal ();
  const gboolean is_open = open_files (seal, from, to, error) &&
                           read_head (seal, passphrase, meter, error) &&
                           open_pieces (seal, meter, error);

  return finish (seal, is_open, error);
}
