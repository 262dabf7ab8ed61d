/* load.c - many WebSockets from one thread: echo, or pairs of a visitor and the agent who alone may
 * see them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   load echo  PORT CONNECTIONS SECONDS
 *   load relay PORT SITE_KEY TOKENS_FILE PAIRS SECONDS RATE
 *
 * RATE 0 is a closed loop (each pair sends again when the ack and the agent's event are there),
 * otherwise so many messages a second over all pairs, sent on time whatever the answers do. Prints
 * one line:
 *   {"messages":…,"seconds":…,"ack_p50_us":…,"ack_p99_us":…,"event_p50_us":…,"event_p99_us":…}
 * The first second is left out. It checks what it measures: an error frame or a lost message ends
 * it.
 */
#define _GNU_SOURCE /* memmem () */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define BUFFER      (256 * 1024)
#define WARM_US     G_USEC_PER_SEC
#define TEXT_LENGTH 180

typedef enum {
  ECHO,
  VISITOR,
  AGENT
} Kind;

typedef struct _Line Line;
struct _Line {
  int fd;
  Kind kind;
  guint pair;
  gboolean is_open;
  guint8 *in;
  gsize length;
};

typedef struct {
  Line *visitor, *agent;
  char device[23], handle[32];
  gint64 n, sent_us;
  gboolean is_acked, is_heard, is_ready;
} Pair;

static struct {
  int epoll, timer, port;
  guint n_pairs, n_ready;
  gint64 started_us, ends_us;
  double rate;
  gint64 n_done, n_sent;
  GArray *acks, *events; /* microseconds */
  Pair *pairs;
  char *site;
  gboolean is_echo, is_counting;
} load;

static void
fail (const char *what, const guint8 *text, gsize length)
{
  fprintf (stderr, "load: %s: %.*s\n", what, (int) MIN (length, 400), (const char *) text);
  exit (1);
}

static Line *
open_line (Kind kind, guint pair, const char *path, const char *bearer)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (load.port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  Line *line = g_new0 (Line, 1);
  g_autofree char *head = NULL;
  char reply[4096];
  gsize n = 0;
  int one = 1;
  struct epoll_event event = { EPOLLIN, { .ptr = line } };

  line->fd = socket (AF_INET, SOCK_STREAM, 0);
  line->kind = kind;
  line->pair = pair;
  line->in = g_malloc (BUFFER);
  if (connect (line->fd, (struct sockaddr *) &address, sizeof address) != 0)
    fail ("connect", (guint8 *) g_strerror (errno), 100);
  setsockopt (line->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  head = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                          "Sec-WebSocket-Version: 13\r\n%s%s%s\r\n",
                          path, load.port, bearer ? "Authorization: Bearer " : "",
                          bearer ? bearer : "", bearer ? "\r\n" : "");
  if (write (line->fd, head, strlen (head)) < 0)
    fail ("write", NULL, 0);
  /* Byte by byte: what follows the head belongs to the frames. */
  while (n < sizeof reply - 1 && (n < 4 || memcmp (reply + n - 4, "\r\n\r\n", 4) != 0))
    if (read (line->fd, reply + n++, 1) != 1)
      fail ("handshake ended", (guint8 *) reply, n);
  if (strncmp (reply, "HTTP/1.1 101", 12) != 0)
    fail ("handshake", (guint8 *) reply, n);
  fcntl (line->fd, F_SETFL, O_NONBLOCK);
  epoll_ctl (load.epoll, EPOLL_CTL_ADD, line->fd, &event);
  return line;
}

static void
send_text (Line *line, const char *text, gsize length)
{
  guint8 frame[4096];
  gsize n = 0;

  frame[n++] = 0x81;
  if (length < 126) {
    frame[n++] = 0x80 | length;
  } else {
    frame[n++] = 0x80 | 126;
    frame[n++] = length >> 8;
    frame[n++] = length & 255;
  }
  /* A mask of zeros is a mask. */
  memset (frame + n, 0, 4);
  n += 4;
  memcpy (frame + n, text, length);
  n += length;
  if (write (line->fd, frame, n) != (ssize_t) n)
    fail ("short write", NULL, 0);
}

static void
send_next (Pair *pair)
{
  static const char words[] =
    "is the belt drive in stock and could you hold it until saturday please ";
  char text[1024], body[TEXT_LENGTH + 1];
  int length;

  for (guint i = 0; i < TEXT_LENGTH; i++)
    body[i] = words[(i + pair->n) % (sizeof words - 1)];
  body[TEXT_LENGTH - 1] = '.';
  body[TEXT_LENGTH] = '\0';
  pair->is_acked = pair->is_heard = FALSE;
  pair->n++;
  length = snprintf (text, sizeof text,
                     "{\"type\":\"message\",\"id\":\"%s:%" G_GINT64_FORMAT
                     "\",\"conversation\":\"%s\",\"message\":\"%" G_GINT64_FORMAT " %s\"}",
                     pair->device, pair->n, pair->handle, pair->n, body);
  pair->sent_us = g_get_monotonic_time ();
  load.n_sent++;
  send_text (pair->visitor, text, length);
}

static void
send_echo (Pair *pair)
{
  char text[301];

  memset (text, 'a', sizeof text - 1);
  pair->sent_us = g_get_monotonic_time ();
  send_text (pair->visitor, text, sizeof text - 1);
}

static gboolean
has (const guint8 *text, gsize length, const char *word)
{
  return memmem (text, length, word, strlen (word)) != NULL;
}

static void
note (GArray *times, Pair *pair)
{
  const gint64 took = g_get_monotonic_time () - pair->sent_us;

  if (load.is_counting)
    g_array_append_val (times, took);
}

static void
on_pair_done (Pair *pair)
{
  if (load.is_counting)
    load.n_done++;
  if (load.rate == 0)
    send_next (pair);
}

static void
on_text (Line *line, const guint8 *text, gsize length)
{
  Pair *pair = &load.pairs[line->pair];

  if (line->kind == ECHO) {
    note (load.acks, pair);
    if (load.is_counting)
      load.n_done++;
    send_echo (pair);
    return;
  }
  if (line->kind == VISITOR) {
    if (has (text, MIN (length, 40), "\"type\":\"ack\"")) {
      note (load.acks, pair);
      pair->is_acked = TRUE;
      if (pair->is_heard)
        on_pair_done (pair);
    } else if (has (text, MIN (length, 40), "\"type\":\"welcome\"")) {
      pair->is_ready = TRUE;
      load.n_ready++;
    } else if (has (text, MIN (length, 40), "\"type\":\"error\"") ||
               has (text, MIN (length, 40), "\"type\":\"gap\"")) {
      fail ("the server said", text, length);
    }
  } else if (has (text, MIN (length, 60), "\"type\":\"message.created\"") &&
             has (text, MIN (length, 400), "\"visitor\"")) {
    note (load.events, pair);
    pair->is_heard = TRUE;
    if (pair->is_acked)
      on_pair_done (pair);
  } else if (has (text, MIN (length, 40), "\"type\":\"ready\"")) {
    load.n_ready++;
  }
}

static void
on_readable (Line *line)
{
  ssize_t n = read (line->fd, line->in + line->length, BUFFER - line->length);
  gsize at = 0;

  if (n <= 0) {
    if (n < 0 && errno == EAGAIN)
      return;
    fail ("a line ended", line->in, line->length);
  }
  line->length += n;
  for (;;) {
    const guint8 *frame = line->in + at;
    gsize left = line->length - at, head = 2, length;

    if (left < 2)
      break;
    length = frame[1] & 127;
    if (length == 126) {
      head = 4;
      if (left < head)
        break;
      length = frame[2] << 8 | frame[3];
    } else if (length == 127) {
      fail ("a frame of more than 64 KiB", NULL, 0);
    }
    if (left < head + length)
      break;
    if ((frame[0] & 15) == 1)
      on_text (line, frame + head, length);
    at += head + length;
  }
  memmove (line->in, line->in + at, line->length - at);
  line->length -= at;
}

static void
poll_once (int timeout_ms)
{
  struct epoll_event events[256];
  int n = epoll_wait (load.epoll, events, G_N_ELEMENTS (events), timeout_ms);

  for (int i = 0; i < n; i++) {
    guint64 n_ticks;

    if (events[i].data.ptr != NULL)
      on_readable (events[i].data.ptr);
    else if (read (load.timer, &n_ticks, sizeof n_ticks) < 0)
      fail ("the timer", NULL, 0);
  }
}

/* When the next message is due, to the microsecond: waiting in a loop would take a processor from
 * the server. */
static void
wait_until (gint64 then_us)
{
  const struct itimerspec once = { .it_value = { then_us / G_USEC_PER_SEC,
                                                 then_us % G_USEC_PER_SEC * 1000 } };

  timerfd_settime (load.timer, TFD_TIMER_ABSTIME, &once, NULL);
  poll_once (100);
}

static void
make_name (char *out, const char *prefix, guint number)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  gsize n = strlen (prefix);

  memcpy (out, prefix, n);
  for (guint i = 0; i < 22; i++)
    out[n + i] = digits[g_random_int_range (0, 64)];
  out[n + 22] = '\0';
}

static void
open_pairs (const char *tokens_path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) tokens = NULL;

  if (!load.is_echo && !g_file_get_contents (tokens_path, &text, NULL, NULL))
    fail ("no tokens", NULL, 0);
  tokens = text != NULL ? g_strsplit (text, "\n", -1) : NULL;
  for (guint i = 0; i < load.n_pairs; i++) {
    Pair *pair = &load.pairs[i];
    g_autofree char *path = NULL;

    if (load.is_echo) {
      pair->visitor = open_line (ECHO, i, "/", NULL);
      continue;
    }
    make_name (pair->device, "", i);
    make_name (pair->handle, "new-", i);
    path = g_strdup_printf ("/livechat/ws/bench-%u/?site=%s", i, load.site);
    pair->agent = open_line (AGENT, i, "/api/v1/events", tokens[i]);
    pair->visitor = open_line (VISITOR, i, path, NULL);
    send_text (pair->visitor, "{\"type\":\"hello\"}", strlen ("{\"type\":\"hello\"}"));
    while (load.n_ready < 2 * (i + 1))
      poll_once (1000);
  }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static gint64
percentile (GArray *times, double part)
{
  if (times->len == 0)
    return 0;
  g_array_sort (times, compare);
  return g_array_index (times, gint64, MIN ((guint) (times->len * part), times->len - 1));
}

static void
run (void)
{
  const gint64 begin = g_get_monotonic_time ();
  gint64 counted_from = begin + WARM_US;
  guint next = 0;

  for (guint i = 0; i < load.n_pairs && load.rate == 0; i++) {
    if (load.is_echo)
      send_echo (&load.pairs[i]);
    else
      send_next (&load.pairs[i]);
  }
  for (gint64 now = begin; now < load.ends_us; now = g_get_monotonic_time ()) {
    load.is_counting = now >= counted_from;
    if (load.rate == 0) {
      poll_once (100);
      continue;
    }
    while ((now - begin) * load.rate / G_USEC_PER_SEC > load.n_sent)
      send_next (&load.pairs[next++ % load.n_pairs]);
    wait_until (begin + load.n_sent * G_USEC_PER_SEC / load.rate + 1);
  }
}

int
main (int argc, char **argv)
{
  struct epoll_event ticks = { EPOLLIN, { .ptr = NULL } };
  guint seconds;

  if (argc < 5)
    return 2;
  load.is_echo = strcmp (argv[1], "echo") == 0;
  load.port = atoi (argv[2]);
  load.site = argv[3];
  load.n_pairs = atoi (argv[load.is_echo ? 3 : 5]);
  seconds = atoi (argv[load.is_echo ? 4 : 6]);
  load.rate = load.is_echo ? 0 : atof (argv[7]);
  load.epoll = epoll_create1 (0);
  load.timer = timerfd_create (CLOCK_MONOTONIC, 0);
  epoll_ctl (load.epoll, EPOLL_CTL_ADD, load.timer, &ticks);
  load.pairs = g_new0 (Pair, load.n_pairs);
  load.acks = g_array_new (FALSE, FALSE, sizeof (gint64));
  load.events = g_array_new (FALSE, FALSE, sizeof (gint64));
  open_pairs (load.is_echo ? NULL : argv[4]);
  load.ends_us = g_get_monotonic_time () + WARM_US + seconds * G_USEC_PER_SEC;
  printf ("go\n");
  fflush (stdout);
  run ();
  printf ("{\"messages\":%" G_GINT64_FORMAT ",\"sent\":%" G_GINT64_FORMAT ",\"seconds\":%u,"
          "\"ack_p50_us\":%" G_GINT64_FORMAT ",\"ack_p99_us\":%" G_GINT64_FORMAT
          ",\"event_p50_us\":%" G_GINT64_FORMAT ",\"event_p99_us\":%" G_GINT64_FORMAT "}\n",
          load.rate == 0 ? load.n_done : (gint64) load.acks->len, load.n_sent, seconds,
          percentile (load.acks, .5), percentile (load.acks, .99), percentile (load.events, .5),
          percentile (load.events, .99));
  return 0;
}
