/* porch-entity.h - base class of all that is stored and sent: one field table says what it has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the table come the GObject properties with change-only notify, the strict JSON both ways
 * (wire/porch-codec.h), the SQLite row both ways (store/porch-row.h), and who may see or set a
 * field. Entities have no logic and belong to one thread at a time: a command builds one and gives
 * it away.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  PORCH_KIND_STRING,  /* char *, may be NULL */
  PORCH_KIND_INT64,   /* gint64 */
  PORCH_KIND_BOOLEAN, /* gboolean */
  PORCH_KIND_ENUM,    /* int of a registered enum; nicks on the wire, numbers on disk */
  PORCH_KIND_TIME,    /* gint64, microseconds of UTC, 0 for never; the property is a GDateTime */
  PORCH_KIND_STRV,    /* char **, may be NULL; no element has a line break */
} PorchKind;

typedef enum {
  PORCH_FIELD_DEFAULT = 0,
  PORCH_FIELD_REQUIRED = 1 << 0, /* decoding fails when it is absent or null */
  PORCH_FIELD_SECRET = 1 << 1,   /* never leaves the server */
  PORCH_FIELD_READONLY = 1 << 2, /* ignored when it comes from a client */
  PORCH_FIELD_STAFF = 1 << 3,    /* never shown to a visitor */
  PORCH_FIELD_NOROW = 1 << 4,    /* no column: filled in from elsewhere */
} PorchFieldFlags;

typedef struct {
  const char *name; /* property, kebab-case; member and column are the same in snake_case */
  PorchKind kind;
  gsize offset;
  PorchFieldFlags flags;
  GType (*enum_type) (void);
} PorchField;

/* Refuses to compile when the struct member has another C type than the table says. */
#define PORCH_MEMBER_(T, m, ctype) \
  (offsetof (T, m) + 0 * sizeof (char[_Generic(((T *) 0)->m, ctype : 1, default : -1)]))

/* clang-format off */
#define PORCH_STRING(T, m, n, f)  { .name = n, .kind = PORCH_KIND_STRING,  .offset = PORCH_MEMBER_ (T, m, char *),   .flags = f }
#define PORCH_INT64(T, m, n, f)   { .name = n, .kind = PORCH_KIND_INT64,   .offset = PORCH_MEMBER_ (T, m, gint64),   .flags = f }
#define PORCH_BOOLEAN(T, m, n, f) { .name = n, .kind = PORCH_KIND_BOOLEAN, .offset = PORCH_MEMBER_ (T, m, gboolean), .flags = f }
#define PORCH_TIME(T, m, n, f)    { .name = n, .kind = PORCH_KIND_TIME,    .offset = PORCH_MEMBER_ (T, m, gint64),   .flags = f }
#define PORCH_STRV(T, m, n, f)    { .name = n, .kind = PORCH_KIND_STRV,    .offset = PORCH_MEMBER_ (T, m, char **),  .flags = f }
#define PORCH_ENUM(T, m, n, t, f) { .name = n, .kind = PORCH_KIND_ENUM,    .offset = PORCH_MEMBER_ (T, m, int),      .flags = f, .enum_type = t }
/* clang-format on */

#define PORCH_TYPE_ENTITY (porch_entity_get_type ())
G_DECLARE_DERIVABLE_TYPE (PorchEntity, porch_entity, PORCH, ENTITY, GObject)

struct _PorchEntityClass {
  GObjectClass parent_class;
  const PorchField *fields;
  guint n_fields;
  GParamSpec **pspecs;       /* by index of the field, from 1 */
  const char **members;      /* snake_case names, by index of the field */
  GEnumClass **enum_classes; /* by index of the field, NULL for other kinds */
};

/* The place of @field in @self, for codec and row only. */
#define PORCH_SLOT(self, field, type) ((type *) G_STRUCT_MEMBER_P ((self), (field)->offset))

void
porch_entity_class_set_fields (PorchEntityClass *klass, const PorchField *fields, guint n_fields);
/* The class of @type, which must be an entity's. Stays valid for ever. */
PorchEntityClass *porch_entity_class_peek (GType type);
/* The word for the value that @self has in enum field @index. Static. A value without a word is a
 * bug, and gets the first one. */
const char *porch_entity_class_get_nick (const PorchEntityClass *klass, guint index, int value);

/* Takes over every field of @other, which has the same type, telling only what changed. */
void porch_entity_assign (PorchEntity *self, PorchEntity *other);
/* Of the same type, with every field; the caller's own. */
gpointer porch_entity_copy (gpointer self) G_GNUC_WARN_UNUSED_RESULT;

/* For entities that nobody else sees yet, of one type: no notify. */
void porch_field_copy (const PorchField *field, gpointer from, gpointer to);
/* For members of an entity that nobody else sees yet: no notify. Copies @text, which may be NULL or
 * the member itself. */
void porch_member_set (char **member, const char *text);

/* g_object_notify () for everything that differs after direct writes is not offered on purpose: who
 * shows an entity changes it through its properties or porch_entity_assign (). */

G_END_DECLS
