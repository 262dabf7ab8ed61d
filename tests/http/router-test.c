/* router-test.c - which path means which route
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-router.h"

#include <string.h>

static const PorchRoute routes[] = {
  { "GET", "/", 0, NULL },
  { "GET", "/healthz", 0, NULL },
  { "GET", "/items", 0, NULL },
  { "POST", "/items", 100, NULL },
  { "GET", "/items/new", 0, NULL },
  { "GET", "/items/{item}", 0, NULL },
  { "DELETE", "/items/{item}", 0, NULL },
  { "PUT", "/items/{item}/parts/{part}", 10, NULL },
  { "GET", "/livechat/ws/{department}/", 0, NULL },
};

/* clang-format off */
static const struct {
  const char *verb, *path;
  guint status;
  guint row;         /* when it is 0 */
  const char *allow; /* when it is 405 or OPTIONS */
} cases[] = {
  { "GET", "/", 0, 0 },
  { "GET", "/healthz", 0, 1 },
  { "HEAD", "/healthz", 0, 1 },
  { "GET", "/h%65althz", 0, 1 },
  { "GET", "/Healthz", 404 },
  { "GET", "/healthz/", 404 },
  { "GET", "//healthz", 404 },
  { "GET", "/healthz%00", 400 },
  { "POST", "/healthz", 405, 0, "GET, HEAD" },
  { "GET", "/items", 0, 2 },
  { "POST", "/items", 0, 3 },
  { "PUT", "/items", 405, 0, "GET, HEAD, POST" },
  { "OPTIONS", "/items", 0, 2, "GET, HEAD, POST" },
  { "OPTIONS", "/nothing", 404 },
  { "GET", "/items/", 404 },
  { "GET", "/items/new", 0, 4 },
  { "DELETE", "/items/new", 0, 6 },
  { "GET", "/items/7", 0, 5 },
  { "HEAD", "/items/7", 0, 5 },
  { "PATCH", "/items/7", 405, 0, "GET, HEAD, DELETE" },
  { "GET", "/items/.", 404 },
  { "GET", "/items/..", 404 },
  { "GET", "/items/%2e%2e", 404 },
  { "GET", "/items/...", 0, 5 },
  { "GET", "/items/a%2fb", 0, 5 },
  { "GET", "/items/%ff", 400 },
  { "GET", "/items/%c0%ae", 400 },
  { "GET", "/items/a%0d%0ab", 400 },
  { "HEAD", "/items/7/parts/8", 405, 0, "PUT" },
  { "PUT", "/items/7/parts/8", 0, 7 },
  { "PUT", "/items/7/parts/", 404 },
  { "PUT", "/items//parts/8", 404 },
  { "GET", "/livechat/ws/any/", 0, 8 },
  { "GET", "/livechat/ws/any", 404 },
  { "GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t", 404 },
};
/* clang-format on */

static void
test_cases (void)
{
  g_autoptr (PorchRouter) router = porch_router_new ();
  int mark = 0;

  porch_router_add (router, routes, 4, &mark);
  porch_router_add (router, routes + 4, G_N_ELEMENTS (routes) - 4, &mark);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (PorchMatch) match = { 0 };
    guint status =
      porch_router_find (router, cases[i].verb, cases[i].path, strlen (cases[i].path), &match);

    g_test_message ("%s %s", cases[i].verb, cases[i].path);
    g_assert_cmpuint (status, ==, cases[i].status);
    g_assert_cmpstr (match.allow, ==, cases[i].allow);
    if (status != 0)
      continue;
    g_assert_true (match.route == &routes[cases[i].row]);
    g_assert_true (match.data == &mark);
  }
}

static void
test_params (void)
{
  g_autoptr (PorchRouter) router = porch_router_new ();
  g_auto (PorchMatch) match = { 0 };
  const char *path = "/items/a%2Fb%20%E2%82%AC/parts/+?";

  porch_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
  g_assert_cmpuint (porch_router_find (router, "PUT", path, strlen (path) - 1, &match), ==, 0);
  g_assert_cmpstr (porch_match_get_param (&match, "item"), ==, "a/b €");
  g_assert_cmpstr (porch_match_get_param (&match, "part"), ==, "+");
  g_assert_null (porch_match_get_param (&match, "items"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/router/cases", test_cases);
  g_test_add_func ("/router/params", test_params);
  return g_test_run ();
}
