/* talk.c - made-up conversations and a window to see them in, for the transcript's tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "talk.h"

#include <string.h>

#define AT(hour, minute) (TALK_NOW_US + ((hour) *60 + (minute) -581) * G_TIME_SPAN_MINUTE)

/* ---- window ---- */

static void
add_css (const char *name, guint priority)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  g_autofree char *path = g_strconcat (PORCH_RESOURCE_PATH "/ui/", name, NULL);

  gtk_css_provider_load_from_resource (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider), priority);
}

void
talk_load_css (gboolean is_dark, gboolean is_high_contrast)
{
  GtkIconTheme *icons = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  gtk_icon_theme_add_resource_path (icons, PORCH_RESOURCE_PATH "/icons");
  add_css ("transcript.css", GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  if (is_dark)
    add_css ("transcript-dark.css", GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  if (is_high_contrast)
    add_css ("transcript-hc.css", GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 2);
}

static void
on_painted (GdkFrameClock *clock, int *n_frames)
{
  (*n_frames)++;
}

void
talk_wait_frames (GtkWidget *widget, int n_wanted)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gint64 deadline = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  int n_frames = 0;
  gulong id = g_signal_connect_after (clock, "after-paint", G_CALLBACK (on_painted), &n_frames);

  gtk_widget_queue_draw (widget);
  while (n_frames < n_wanted && g_get_monotonic_time () < deadline) {
    g_main_context_iteration (NULL, TRUE);
    if (n_frames < n_wanted)
      gtk_widget_queue_draw (widget);
  }
  g_signal_handler_disconnect (clock, id);
  g_assert_cmpint (n_frames, >=, n_wanted);
}

/* ---- the conversation of the drawings ---- */

static void
add (GListStore *list, PorchLineKind kind, const char *author, const char *text, gint64 at_us)
{
  g_autoptr (PorchLine) line = porch_line_new (kind, author, text, at_us);

  g_list_store_append (list, line);
}

static void
add_own (GListStore *list, const char *text, gint64 at_us, PorchDelivery delivery)
{
  g_autoptr (PorchLine) line = porch_line_new (PORCH_LINE_OWN, "Ines Castro", text, at_us);

  porch_line_set_delivery (line, delivery);
  g_list_store_append (list, line);
}

static void
add_system (GListStore *list, const char *text, const char *icon_name, gint64 at_us)
{
  g_autoptr (PorchLine) line =
    g_object_new (PORCH_TYPE_LINE, "kind", PORCH_LINE_SYSTEM, "text", text, "icon-name", icon_name,
                  "sent-at-us", at_us, NULL);

  g_list_store_append (list, line);
}

/* An own drawing, so that no photo has to be shipped. */
static const char bicycle[] =
  "<svg xmlns='http://www.w3.org/2000/svg' width='392' height='214' viewBox='0 2 196 107'>"
  "<rect width='196' height='116' fill='#bccad2'/><rect y='86' width='196' height='30' "
  "fill='#8b7f70'/><g fill='none' stroke='#27343c' stroke-width='3.5'><circle cx='58' cy='76' "
  "r='25'/><circle cx='142' cy='76' r='25'/></g><g fill='none' stroke='#b5482b' stroke-width='5' "
  "stroke-linecap='round' stroke-linejoin='round'><path d='M58 76 78 42h44l-26 34H58M78 42l18 "
  "34M122 42l20 34'/></g><path d='M70 36h16M122 42l-4-12h12' fill='none' stroke='#27343c' "
  "stroke-width='4' stroke-linecap='round'/><circle cx='96' cy='76' r='7' fill='#27343c'/></svg>";

static void
add_picture (GListStore *list, gint64 at_us)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (bicycle, strlen (bicycle));
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_bytes (bytes, NULL);
  g_autoptr (PorchLine) line =
    g_object_new (PORCH_TYPE_LINE, "kind", PORCH_LINE_OWN, "author", "Ines Castro", "sent-at-us",
                  at_us, "delivery", PORCH_DELIVERY_READ, "picture", texture, "picture-width", 168,
                  "picture-height", 92, NULL);

  g_list_store_append (list, line);
}

GListStore *
talk_inbox_new (void)
{
  GListStore *list = g_list_store_new (PORCH_TYPE_LINE);
  g_autoptr (PorchLine) assistant = porch_line_new (
    PORCH_LINE_ASSISTANT, NULL,
    "The Norrland 54 is in stock in petrol and in rust, see https://juniper.example/n54. Shall I "
    "ask a person about a test ride?",
    AT (9, 22));
  g_autoptr (PorchLine) mark = porch_line_new_mark (2, AT (9, 41));

  porch_line_set_delivery (assistant, PORCH_DELIVERY_READ);
  g_list_store_append (list, assistant);
  add (list, PORCH_LINE_VISITOR, "Jonas Weidenfeld", "Yes please. Which one has the belt drive?",
       AT (9, 23));
  add_system (list, "You took the conversation", "porch-swap-symbolic", AT (9, 24));
  add_own (list, "Good morning Jonas, Ines here. The rust one has the belt and the 8-speed hub:",
           AT (9, 24), PORCH_DELIVERY_READ);
  add_picture (list, AT (9, 25));
  add (list, PORCH_LINE_NOTE, "Mona", "Last one in 54. @Ines put a tag on it if he wants it.",
       AT (9, 36));
  g_list_store_append (list, mark);
  add (list, PORCH_LINE_VISITOR, "Jonas Weidenfeld", "Perfect, that is exactly the one",
       AT (9, 40));
  add (list, PORCH_LINE_VISITOR, "Jonas Weidenfeld",
       "Could you hold it until Saturday? I can come at eleven 🚲", AT (9, 41));
  return list;
}

GListStore *
talk_trouble_new (void)
{
  GListStore *list = g_list_store_new (PORCH_TYPE_LINE);
  g_autoptr (PorchLine) failed = NULL;

  add (list, PORCH_LINE_VISITOR, "Owen Hughes", "Good evening. Do you true wheels while I wait?",
       AT (9, 2) - G_TIME_SPAN_DAY);
  add (list, PORCH_LINE_AGENT, "Mona Lindqvist",
       "Most days yes. Bring it before noon and it is ready in an hour.",
       AT (9, 4) - G_TIME_SPAN_DAY);
  add (list, PORCH_LINE_AGENT, "Mona Lindqvist", "I have put you down for tomorrow.",
       AT (9, 5) - G_TIME_SPAN_DAY);
  add_system (list, "You took the conversation", "porch-swap-symbolic", AT (9, 5));
  add (list, PORCH_LINE_VISITOR, "Owen Hughes", "Is my wheel done? I am near the shop around noon.",
       AT (9, 10));
  add_own (list, "Hi Owen, the rear wheel is trued and back on the bike.", AT (9, 12),
           PORCH_DELIVERY_READ);
  add_own (list, "The bill is in the saddle bag.", AT (9, 20), PORCH_DELIVERY_RECEIVED);
  add_own (list, "See you.", AT (9, 27), PORCH_DELIVERY_SENT);
  add_own (list, "Ring twice.", AT (9, 33), PORCH_DELIVERY_SENDING);
  add_own (list, "The freewheel was loose too, I have tightened it.", AT (9, 40),
           PORCH_DELIVERY_WAITING);
  add_own (list, "Noon is fine.", AT (9, 40), PORCH_DELIVERY_WAITING);
  failed =
    g_object_new (PORCH_TYPE_LINE, "kind", PORCH_LINE_OWN, "author", "Ines Castro", "text",
                  "bill-0311.pdf", "sent-at-us", AT (9, 41), "delivery", PORCH_DELIVERY_FAILED,
                  "problem", "The file is 14 MB, at most 10 can be sent.", NULL);
  g_list_store_append (list, failed);
  add_own (list, "I will bring it on paper.", AT (9, 41), PORCH_DELIVERY_FAILED);
  return list;
}

GListStore *
talk_strange_new (void)
{
  GListStore *list = g_list_store_new (PORCH_TYPE_LINE);

  add (list, PORCH_LINE_VISITOR, "سلمى حداد",
       "مرحبا، هل يمكنك مساعدتي في الطلب 48213؟ وصل اليوم متأخرا.", AT (9, 1));
  add (list, PORCH_LINE_VISITOR, "سلمى حداد", "شكرا جزيلا", AT (9, 2));
  add_own (list, "أهلا سلمى، بكل سرور. الرقم هو tel:+4930123456 أو https://juniper.example/ar",
           AT (9, 3), PORCH_DELIVERY_READ);
  add (list, PORCH_LINE_NOTE, "\342\200\256evil\342\201\246name",
       "The name must not turn the line.", AT (9, 4));
  add (list, PORCH_LINE_AGENT, "Priya Raghunathan-Venkatasubramanian of the Workshop on the Hill",
       "<b>not bold</b> & <span size=\"9999999\">not large</span>", AT (9, 5));
  add (list, PORCH_LINE_VISITOR, "",
       "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
       AT (9, 6));
  add_system (list,
              "Mona Lindqvist gave the conversation to the workshop, which is open from ten to six "
              "on weekdays and answers on Monday at the latest",
              "porch-swap-symbolic", AT (9, 7));
  add (list, PORCH_LINE_VISITOR, "王小明", "你好，请问还有其他颜色吗？\n谢谢", AT (9, 8));
  return list;
}

/* ---- lazy lists ---- */

static const char *const sentences[] = {
  "Hi!",
  "Hello, I have a question about my order number 48213, it should have been here on Tuesday.",
  "Thanks 🙏",
  "Let me look that up for you.",
  "The parcel left our warehouse in Gdańsk yesterday evening and the carrier says it will be with "
  "you tomorrow before noon.",
  "You can follow it here: https://parcels.example.com/track/PX-48213?lang=en",
  "שלום, יש לי שאלה על ההזמנה שלי",
  "مرحبا، هل يمكنك مساعدتي في الطلب؟",
  "Is there any way to change the address? I will be at the office, second floor, and the bell "
  "does not work since the renovation.",
  "😀👍",
  "ok",
  "Sure, one moment please…",
  "你好，请问还有其他颜色吗？",
  "I have changed it. Could you please confirm the new address and the telephone number so that "
  "the driver can reach you? He usually calls about half an hour before he arrives.",
};

static guint
scramble (gint64 n, guint salt)
{
  guint64 x = (guint64) n * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) +
              salt * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);

  x ^= x >> 31;
  x *= G_GUINT64_CONSTANT (0x94d049bb133111eb);
  x ^= x >> 29;
  return (guint) (x >> 16);
}

static char *
make_text (gint64 n)
{
  guint pick = scramble (n, 1) % 100;
  guint n_sentences = pick < 70 ? 1 : pick < 90 ? 2 : pick < 97 ? 4 : 9;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_sentences; i++) {
    if (i > 0)
      g_string_append_c (text, n_sentences > 2 && i % 2 ? '\n' : ' ');
    g_string_append (text, sentences[scramble (n, 2 + i) % G_N_ELEMENTS (sentences)]);
  }
  return g_string_free (text, FALSE);
}

static PorchLine *
make_line (gint64 n)
{
  static const PorchLineKind kinds[] = { PORCH_LINE_SYSTEM, PORCH_LINE_NOTE, PORCH_LINE_ASSISTANT,
                                         PORCH_LINE_AGENT };
  guint turn = scramble (n / 3, 99) % 20;
  PorchLineKind kind = turn < 4 ? kinds[turn] : turn < 12 ? PORCH_LINE_VISITOR : PORCH_LINE_OWN;
  gboolean is_picture = kind == PORCH_LINE_VISITOR && scramble (n, 5) % 40 == 0;
  g_autofree char *text = is_picture ? g_strdup ("") : make_text (n);
  const char *author = kind == PORCH_LINE_VISITOR ? "Anna Kowalska" : "Jo Byrne";
  /* Threes come within minutes, some 60 a day. */
  gint64 at_us = TALK_NOW_US + (n / 3 * 72 + n % 3 * 2) * G_TIME_SPAN_MINUTE;

  return g_object_new (PORCH_TYPE_LINE, "kind", kind, "author", author, "sent-at-us", at_us, "text",
                       kind == PORCH_LINE_SYSTEM ? "Jo Byrne joined the conversation" : text,
                       "icon-name", "porch-swap-symbolic", "delivery",
                       kind == PORCH_LINE_OWN ? PORCH_DELIVERY_READ : PORCH_DELIVERY_NONE,
                       "picture-width", is_picture ? 640 : 0, "picture-height",
                       is_picture ? 300 + scramble (n, 6) % 300 : 0, NULL);
}

struct _TalkList {
  GObject parent_instance;

  gint64 first;
  GPtrArray *lines; /* NULL until asked for */
  guint n_made;
};

static GType
list_get_item_type (GListModel *model)
{
  return PORCH_TYPE_LINE;
}

static guint
list_get_n_items (GListModel *model)
{
  return TALK_LIST (model)->lines->len;
}

static gpointer
list_get_item (GListModel *model, guint position)
{
  TalkList *self = TALK_LIST (model);

  if (position >= self->lines->len)
    return NULL;
  if (self->lines->pdata[position] == NULL) {
    self->lines->pdata[position] = make_line (self->first + position);
    self->n_made++;
  }
  return g_object_ref (self->lines->pdata[position]);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = list_get_item_type;
  iface->get_n_items = list_get_n_items;
  iface->get_item = list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TalkList,
                               talk_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
unref_if_made (gpointer line)
{
  if (line != NULL)
    g_object_unref (line);
}

static void
talk_list_finalize (GObject *object)
{
  g_ptr_array_unref (TALK_LIST (object)->lines);

  G_OBJECT_CLASS (talk_list_parent_class)->finalize (object);
}

static void
talk_list_class_init (TalkListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = talk_list_finalize;
}

static void
talk_list_init (TalkList *self)
{
  self->lines = g_ptr_array_new_with_free_func (unref_if_made);
}

TalkList *
talk_list_new (gint64 first, guint n_lines)
{
  TalkList *self = g_object_new (TALK_TYPE_LIST, NULL);

  self->first = first;
  g_ptr_array_set_size (self->lines, (int) n_lines);
  return self;
}

void
talk_list_append (TalkList *self, guint n_lines)
{
  guint old_len = self->lines->len;

  g_ptr_array_set_size (self->lines, (int) (old_len + n_lines));
  g_list_model_items_changed (G_LIST_MODEL (self), old_len, 0, n_lines);
}

void
talk_list_prepend (TalkList *self, guint n_lines)
{
  guint old_len = self->lines->len;

  g_ptr_array_set_size (self->lines, (int) (old_len + n_lines));
  memmove (self->lines->pdata + n_lines, self->lines->pdata, old_len * sizeof (gpointer));
  memset (self->lines->pdata, 0, n_lines * sizeof (gpointer));
  self->first -= n_lines;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n_lines);
}

guint
talk_list_get_n_made (TalkList *self)
{
  return self->n_made;
}
