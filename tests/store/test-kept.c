/* test-kept.c - what the writer remembers of conversations is what the file has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-error.h"
#include "store-fixture.h"

/* More than the writer remembers. */
#define N_CONVERSATIONS 300
#define N_STEPS         2000

typedef struct {
  guint number, unread;
  const char *text;
  gboolean should_fail;
} Change;

static char *
make_id (guint number)
{
  return g_strdup_printf ("conversation-%u", number);
}

static gboolean
add_all (PorchTx *tx, gpointer data, GError **error)
{
  for (guint i = 0; i < N_CONVERSATIONS; i++) {
    g_autofree char *id = make_id (i);
    g_autoptr (PorchConversation) conversation = store_fixture_new_conversation (id);

    g_free (conversation->handle);
    conversation->handle = g_strdup_printf ("new-%u", i);
    if (!porch_tx_insert_conversation (tx, conversation, error))
      return FALSE;
  }
  return TRUE;
}

/* By one of the three ways to find it. */
static PorchConversation *
find (PorchTx *tx, guint number, GError **error)
{
  g_autofree char *id = make_id (number);
  g_autofree char *handle = g_strdup_printf ("new-%u", number);

  switch (g_test_rand_int_range (0, 3)) {
  case 0:
    return porch_tx_get_conversation (tx, id, error);
  case 1:
    return porch_tx_get_conversation_pk (tx, number + 1, error);
  default:
    return porch_tx_find_handle (tx, "visitor", handle, error);
  }
}

static gboolean
make_change (PorchTx *tx, gpointer data, GError **error)
{
  Change *change = data;
  g_autoptr (PorchConversation) conversation = find (tx, change->number, error);

  if (conversation == NULL)
    return FALSE;
  conversation->unread = change->unread;
  porch_member_set (&conversation->last_text, change->text);
  if (!porch_tx_update_conversation (tx, conversation, error))
    return FALSE;
  if (change->should_fail)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT, "as asked");
  return !change->should_fail;
}

static gboolean
read_back (PorchTx *tx, gpointer data, GError **error)
{
  const Change *change = data;
  g_autoptr (PorchConversation) conversation = find (tx, change->number, error);
  g_autofree char *id = make_id (change->number);

  if (conversation == NULL)
    return FALSE;
  g_assert_cmpstr (conversation->id, ==, id);
  g_assert_cmpint (conversation->unread, ==, change->unread);
  g_assert_cmpstr (conversation->last_text, ==, change->text);
  return TRUE;
}

static void
write_well (StoreFixture *fixture, StoreFunc func, gpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_write (fixture, func, data, &error);
  g_assert_no_error (error);
}

static void
read_well (StoreFixture *fixture, StoreFunc func, gpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_read (fixture, func, data, &error);
  g_assert_no_error (error);
}

static void
test_random (StoreFixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { NULL, "", "is it in stock", "yes" };
  Change last[N_CONVERSATIONS] = { 0 };

  write_well (fixture, store_fixture_add_people, NULL);
  write_well (fixture, add_all, NULL);
  for (guint i = 0; i < N_CONVERSATIONS; i++)
    last[i].number = i;
  for (guint i = 0; i < N_STEPS; i++) {
    /* Some are in use, most are not. */
    Change change = { .number = g_test_rand_int_range (0, i % 3 == 0 ? N_CONVERSATIONS : 5),
                      .unread = g_test_rand_int_range (0, 3),
                      .text = texts[g_test_rand_int_range (0, G_N_ELEMENTS (texts))],
                      .should_fail = g_test_rand_int_range (0, 4) == 0 };

    if (!change.should_fail) {
      write_well (fixture, make_change, &change);
      last[change.number] = change;
    } else {
      g_autoptr (GError) error = NULL;

      g_assert_false (store_fixture_write (fixture, make_change, &change, &error));
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_CONFLICT);
    }
    write_well (fixture, read_back, &last[change.number]);
    read_well (fixture, read_back, &last[change.number]);
  }
}

static gboolean
rename_contact (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) before = porch_tx_get_conversation (tx, "conversation-1", error);
  g_autoptr (PorchContact) contact = porch_tx_get_contact (tx, "contact", error);
  g_autoptr (PorchConversation) after = NULL;

  porch_member_set (&contact->name, "Grace");
  if (!porch_tx_update_contact (tx, contact, error))
    return FALSE;
  after = porch_tx_get_conversation (tx, "conversation-1", error);
  g_assert_cmpstr (before->contact_name, !=, "Grace");
  g_assert_cmpstr (after->contact_name, ==, "Grace");
  return TRUE;
}

static void
test_contact (StoreFixture *fixture, gconstpointer data)
{
  write_well (fixture, store_fixture_add_people, NULL);
  write_well (fixture, add_all, NULL);
  write_well (fixture, rename_contact, NULL);
}

static gboolean
change_what_was_given (PorchTx *tx, gpointer data, GError **error)
{
  g_autoptr (PorchConversation) one = find (tx, 7, error);
  g_autoptr (PorchConversation) other = NULL;

  /* Each is given one of their own. */
  one->unread = 1000;
  other = find (tx, 7, error);
  g_assert_true (one != other);
  g_assert_cmpint (other->unread, !=, 1000);
  return TRUE;
}

static void
test_own (StoreFixture *fixture, gconstpointer data)
{
  write_well (fixture, store_fixture_add_people, NULL);
  write_well (fixture, add_all, NULL);
  write_well (fixture, change_what_was_given, NULL);
}

#define ADD(name, func) \
  g_test_add ("/store/kept/" name, StoreFixture, NULL, store_fixture_set_up, func, \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("random", test_random);
  ADD ("contact", test_contact);
  ADD ("own", test_own);
  return g_test_run ();
}
