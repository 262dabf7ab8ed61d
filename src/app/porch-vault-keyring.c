/* porch-vault-keyring.c - secrets in the desktop's keyring, or in the sandbox's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where there is a Secret Service, libsecret talks to it over the session bus; in Flatpak it keeps
 * an encrypted file whose key comes from the portal. All calls are the waiting ones: they run on a
 * worker of their own, and libsecret's key exchange is too long for a main loop.
 */
#include "config.h"

#include "porch-vault-keyring.h"

#include "porch-error.h"

/* SecretItem says whether it is locked; the API for backends does not. */
#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>
#include <string.h>

#define SERVICE "org.freedesktop.secrets"

typedef struct {
  PorchVault vault;
} Keyring;

static const SecretSchema *
get_schema (void)
{
  static const SecretSchema schema = {
    PORCH_APPLICATION_ID,
    SECRET_SCHEMA_NONE,
    { { "folder", SECRET_SCHEMA_ATTRIBUTE_STRING }, { "name", SECRET_SCHEMA_ATTRIBUTE_STRING } },
  };

  return &schema;
}

/* The same choice as libsecret's. */
static gboolean
is_service (void)
{
  const char *backend = g_getenv ("SECRET_BACKEND");

  if (backend != NULL)
    return strcmp (backend, "service") == 0;
  return !g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) && g_getenv ("SNAP_NAME") == NULL;
}

/* ---- what went wrong, in three words ---- */

/* Nobody is there, as opposed to somebody who says no. */
static gboolean
is_absence (const GError *failure)
{
  static const GDBusError from_bus[] = {
    G_DBUS_ERROR_SERVICE_UNKNOWN,   G_DBUS_ERROR_NAME_HAS_NO_OWNER,
    G_DBUS_ERROR_NO_SERVER,         G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND,
    G_DBUS_ERROR_SPAWN_EXEC_FAILED, G_DBUS_ERROR_SPAWN_CHILD_EXITED,
    G_DBUS_ERROR_SPAWN_FAILED,      G_DBUS_ERROR_UNKNOWN_INTERFACE,
    G_DBUS_ERROR_UNKNOWN_OBJECT,    G_DBUS_ERROR_DISCONNECTED
  };

  for (guint i = 0; i < G_N_ELEMENTS (from_bus); i++)
    if (g_error_matches (failure, G_DBUS_ERROR, from_bus[i]))
      return TRUE;
  /* There is no bus, or it has gone: connecting fails in many ways. */
  return failure->domain == G_IO_ERROR && failure->code != G_IO_ERROR_CANCELLED &&
         failure->code != G_IO_ERROR_TIMED_OUT && failure->code != G_IO_ERROR_DBUS_ERROR &&
         failure->code != G_IO_ERROR_PERMISSION_DENIED;
}

/* Always FALSE. Takes @failure, which may be NULL: libsecret says "no" without a reason when
 * somebody closed its question. */
static gboolean
fail (GError *failure, const char *what, GError **error)
{
  g_autoptr (GError) reason = failure;
  int code = PORCH_ERROR_KEYRING_REFUSED;

  if (g_error_matches (reason, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    code = PORCH_ERROR_KEYRING_LOCKED;
  else if (reason != NULL && is_absence (reason))
    code = PORCH_ERROR_KEYRING_MISSING;
  g_set_error (error, PORCH_ERROR, code, "%s: %s", what,
               reason != NULL ? reason->message : "nobody allowed it");
  return FALSE;
}

static gboolean
fail_locked (GError **error)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_KEYRING_LOCKED, "the keyring is locked");
  return FALSE;
}

static GVariant *
ask_bus (PorchVault *self, const char *method, GVariant *parameters, GError **error)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, self->cancellable, error);

  g_variant_ref_sink (parameters);
  g_autoptr (GVariant) owned = parameters;
  return bus != NULL
           ? g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                          "org.freedesktop.DBus", method, owned, NULL,
                                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, error)
           : NULL;
}

/* libsecret warns when it looks for a service that is not there and looks again. So the bus is
 * asked first, which starts one that it can start. */
static gboolean
check_presence (PorchVault *self, GError **error)
{
  g_autoptr (GVariant) owner = NULL;
  g_autoptr (GVariant) started = NULL;
  GError *failure = NULL;
  gboolean is_owned = FALSE;

  if (!is_service ())
    return TRUE;
  owner = ask_bus (self, "NameHasOwner", g_variant_new ("(s)", SERVICE), &failure);
  if (owner == NULL)
    return fail (failure, "reaching the bus", error);
  g_variant_get (owner, "(b)", &is_owned);
  if (!is_owned)
    started = ask_bus (self, "StartServiceByName", g_variant_new ("(su)", SERVICE, 0), &failure);
  return is_owned || started != NULL || fail (failure, "looking for the keyring", error);
}

/* ---- one secret ---- */

static void
free_items (GList *items)
{
  g_list_free_full (items, g_object_unref);
}
typedef GList Items;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Items, free_items)

/* Without values, and without unlocking anything. @name NULL: all of ours. */
static gboolean
search (PorchVault *self, const char *name, GList **items, GError **error)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  GError *failure = NULL;

  if (!check_presence (self, error))
    return FALSE;
  g_hash_table_insert (attributes, (gpointer) "folder", self->scope);
  if (name != NULL)
    g_hash_table_insert (attributes, (gpointer) "name", (gpointer) name);
  *items = secret_password_searchv_sync (get_schema (), attributes, SECRET_SEARCH_ALL,
                                         self->cancellable, &failure);
  return failure == NULL || fail (failure, "asking the keyring", error);
}

static gboolean
is_locked (gpointer item)
{
  return SECRET_IS_ITEM (item) && secret_item_get_locked (item);
}

static gboolean
find (PorchVault *self, const char *name, char **value, GError **error)
{
  g_autoptr (Items) items = NULL;
  g_autoptr (SecretValue) secret = NULL;
  const char *text;
  GError *failure = NULL;

  if (!search (self, name, &items, error))
    return FALSE;
  if (items == NULL)
    return TRUE;
  if (is_locked (items->data))
    return fail_locked (error);
  secret = secret_retrievable_retrieve_secret_sync (items->data, self->cancellable, &failure);
  text = secret != NULL ? secret_value_get_text (secret) : NULL;
  if (text == NULL)
    return fail (failure, "reading from the keyring", error);
  *value = g_strdup (text);
  return TRUE;
}

static gboolean
put (PorchVault *self, const char *name, const char *value, GError **error)
{
  g_autofree char *label = g_strdup_printf ("Porchlight: %s", name);
  GError *failure = NULL;

  if (!check_presence (self, error))
    return FALSE;
  return secret_password_store_sync (get_schema (), SECRET_COLLECTION_DEFAULT, label, value,
                                     self->cancellable, &failure, "folder", self->scope, "name",
                                     name, NULL) ||
         fail (failure, "writing to the keyring", error);
}

static gboolean
take_away (PorchVault *self, const char *name, GError **error)
{
  g_autoptr (Items) items = NULL;
  GError *failure = NULL;

  if (!search (self, name, &items, error))
    return FALSE;
  if (items == NULL)
    return TRUE;
  /* A locked one is passed over without a word. */
  if (is_locked (items->data))
    return fail_locked (error);
  return secret_password_clear_sync (get_schema (), self->cancellable, &failure, "folder",
                                     self->scope, "name", name, NULL) ||
         fail (failure, "removing from the keyring", error);
}

/* ---- opening ---- */

static void
add_locked (GList *items, GList **locked)
{
  for (GList *at = items; at != NULL; at = at->next)
    if (is_locked (at->data))
      *locked = g_list_prepend (*locked, at->data);
}

static gboolean
unlock (PorchVault *self, SecretService *service, GList *locked, gboolean may_ask, GError **error)
{
  GError *failure = NULL;
  gint n;

  if (!may_ask)
    return fail_locked (error);
  n = secret_service_unlock_sync (service, locked, self->cancellable, NULL, &failure);
  return (n > 0 && failure == NULL) || fail (failure, "unlocking the keyring", error);
}

/* What is ours must be unlocked, and where something new would go. */
static gboolean
open_service (PorchVault *self, gboolean may_ask, GError **error)
{
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) collection = NULL;
  g_autoptr (Items) items = NULL;
  g_autoptr (GList) locked = NULL;
  GError *failure = NULL;

  if (!check_presence (self, error))
    return FALSE;
  service = secret_service_get_sync (SECRET_SERVICE_NONE, self->cancellable, &failure);
  if (service == NULL)
    return fail (failure, "reaching the keyring", error);
  if (!search (self, NULL, &items, error))
    return FALSE;
  add_locked (items, &locked);
  collection = secret_collection_for_alias_sync (
    service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, self->cancellable, &failure);
  if (failure != NULL)
    return fail (failure, "opening the keyring", error);
  if (collection != NULL && secret_collection_get_locked (collection))
    locked = g_list_prepend (locked, collection);
  return locked == NULL || unlock (self, service, locked, may_ask, error);
}

static gboolean
open_keyring (PorchVault *self, gboolean may_ask, GError **error)
{
  g_autoptr (Items) items = NULL;

  if (is_service ())
    return open_service (self, may_ask, error);
  return search (self, NULL, &items, error);
}

PorchVault *
porch_vault_keyring_new (void)
{
  static const PorchVaultClass klass = { .kind = "keyring",
                                         .find = find,
                                         .put = put,
                                         .remove = take_away,
                                         .open = open_keyring,
                                         .free = (void (*) (PorchVault *)) g_free };
  Keyring *self = NULL;

  if (g_strcmp0 (g_getenv ("PORCHLIGHT_KEYRING"), "no") == 0)
    return NULL;
  self = g_new0 (Keyring, 1);
  self->vault.klass = &klass;
  return &self->vault;
}
