/* test-business.c - setting up, through the service's door on a real file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "porch-fixture.h"

#include "porch-error.h"

static int
set_up (PorchFixture *fixture, const char *domain)
{
  PorchSetupInput *in = porch_command_new_input (&porch_business_set_up);

  in->business = g_strdup ("Juniper Row");
  in->name = g_strdup ("Ines Castro");
  in->domain = g_strdup (domain);
  return porch_fixture_run (fixture, &porch_business_set_up, in, NULL, NULL);
}

/* What people paste becomes what a browser sends. */
static void
test_domains (void)
{
  /* clang-format off */
  static const struct { const char *text, *domain; } cases[] = {
    { "https://www.Juniper.example/shop?x=1", "juniper.example" },
    { " juniper.example ", "juniper.example" },
    { "www.juniper.example", "juniper.example" },
    { "https://juniper.example:8443/", "juniper.example:8443" },
    { "https://juniper.example:443", "juniper.example" },
    { "HTTP://Juniper.example:3000/shop", "http://juniper.example:3000" },
    { "http://www.juniper.example", "http://www.juniper.example" },
    { "https://b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
    { "http://b\xc3\xbc" "cher.example", "http://xn--bcher-kva.example" },
    { "localhost", "localhost" },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    PorchFixture *fixture = porch_fixture_new_empty ();
    PorchSite *site;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (set_up (fixture, cases[i].text), ==, -1);
    porch_fixture_restart (fixture);
    site = porch_service_get_sites (fixture->service)->pdata[0];
    g_assert_cmpstr (site->domains[0], ==, cases[i].domain);
    g_assert_null (site->domains[1]);
    porch_fixture_free (fixture);
  }
}

/* Each of these would otherwise stand in a policy that says who may show the chat. */
static void
test_bad_domains (void)
{
  static const char *const cases[] = {
    "",
    " ",
    "http://",
    "http://juniper.example;script-src *",
    "http://juniper.example https://evil.example",
    "http://*",
    "http://juniper.example:",
    "http://juniper.example:0",
    "http://juniper.example:65536",
    "http://juniper.example:8x",
    "http://user@juniper.example",
    "http://'self'",
    "http://juniper.example,x",
    "https://juniper.example;x",
    "*.juniper.example",
    "juniper.example\xef\xbc\x8fx",
    "ftp://juniper.example",
    "http://127.1",
  };
  PorchFixture *fixture = porch_fixture_new_empty ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i]);
    g_assert_cmpint (set_up (fixture, cases[i]), ==, PORCH_ERROR_BAD_MESSAGE);
  }
  g_assert_false (porch_service_is_set_up (fixture->service));
  porch_fixture_free (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/business/domains", test_domains);
  g_test_add_func ("/business/bad-domains", test_bad_domains);
  return g_test_run ();
}
