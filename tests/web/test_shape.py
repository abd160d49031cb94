"""A page is looked at by axe unless one of the same shape was: words and numbers make no shape, all else does."""

import pytest

from tests.web.axe import SHAPE, Eye, scan

pytestmark = pytest.mark.browser

PAGE = """
<html lang="fi"><head><title>Tilaukset</title><style>a, button {{ display: inline-block; height: 30px }}</style></head>
<body><nav aria-label="Valikko"><a href="/fi/1/">Etusivu</a></nav><main class="page"><h1>Tilaukset</h1>
<table><tr><td>Aika 1</td></tr><tr><td>Aika 2</td></tr></table>
<label for="a1">Nimi</label><input id="a1" aria-describedby="help"><p id="help">Ohje</p><button>Lähetä</button>
{more}</main></body></html>
"""


@pytest.fixture
def shape_of(browser_page):
    browser_page.set_viewport_size({"width": 320, "height": 900})

    def shape_of(html):
        browser_page.set_content(html)
        return browser_page.evaluate(SHAPE)

    return shape_of


@pytest.mark.parametrize(
    "old, new",
    [
        ("Tilaukset", "Beställningar"),
        ('lang="fi"', 'lang="sv"'),
        ("/fi/1/", "/sv/22/"),
        ('"a1"', '"a7"'),
        ('aria-label="Valikko"', 'aria-label="Meny"'),
        ("<tr><td>Aika 2</td></tr>", "<tr><td>Tid 2</td></tr><tr><td>Tid 3</td></tr>"),
    ],
)
def test_other_words_numbers_and_rows_are_the_same_shape(shape_of, old, new):
    html = PAGE.format(more="")
    assert old in html

    assert shape_of(html.replace(old, new)) == shape_of(html)


@pytest.mark.parametrize(
    "old, new",
    [
        (">Etusivu<", "> <"),
        ("<title>Tilaukset</title>", "<title></title>"),
        ('lang="fi"', 'lang="fj"'),
        ('for="a1"', 'for="a2"'),
        ('aria-describedby="help"', 'aria-describedby="helps"'),
        ('aria-label="Valikko"', 'aria-label=""'),
        ('class="page"', 'class="page grey"'),
        ("<h1>Tilaukset</h1>", "<h2>Tilaukset</h2>"),
        ("<button>", '<button aria-expanded="true">'),
        ("<button>", '<button style="width: 20px">'),
        ("<td>Aika 2</td>", "<th>Aika 2</th>"),
        ("</main>", '<section aria-label="Valikko"></section></main>'),
        ("</main>", '<nav aria-label="Valikko"></nav></main>'),
        ("</main>", '<p id="help">Ohje</p></main>'),
        ("</main>", '<div style="overflow: auto; height: 30px"><p>Pitkä</p><p>juttu</p></div></main>'),
    ],
)  # fmt: skip
def test_all_that_axe_judges_by_is_another_shape(shape_of, old, new):
    html = PAGE.format(more="")
    assert old in html

    assert shape_of(html.replace(old, new)) != shape_of(html)


def test_names_given_twice_are_another_shape_than_two_names(shape_of):
    two = '<nav aria-label="Yksi"><p>1</p></nav><nav aria-label="{}"><p>2</p></nav>'

    one, other = (shape_of(PAGE.format(more=two.format(name))) for name in ("Yksi", "Kaksi"))

    assert one != other


def test_what_words_make_scroll_is_another_shape(shape_of):
    box = '<div style="overflow: auto; width: 200px; white-space: nowrap">{}</div>'

    one, other = (shape_of(PAGE.format(more=box.format(word))) for word in ("Ohje", "Ohje " * 40))

    assert one != other


def test_shape_tells_whether_the_page_is_wider_than_the_window(shape_of):
    wide = PAGE.format(more='<p style="width: 600px">Leveä</p>')

    assert [shape_of(html)[1] for html in (PAGE.format(more=""), wide)] == [False, True]


def test_what_is_folded_is_opened_before(shape_of, browser_page):
    shape_of(PAGE.format(more="<details><summary>Lisää</summary><p>Sisältö</p></details>"))

    assert browser_page.evaluate("document.querySelector('details').open")


@pytest.mark.parametrize(
    "form, is_there",
    [
        ('<form class="form"><button>Lähetä</button></form>', True),
        ('<details><summary>Lisää</summary><form class="form"><button>Lähetä</button></form></details>', True),
        ('<form class="form"><button name="away">Poista</button></form>', False),
        ("<form><button>Hae</button></form>", False),
        ("", False),
    ],
)  # fmt: skip
def test_look_tells_whether_the_page_has_a_form_to_send_for_its_errors(
    browser_page, form, is_there
):
    eye = Eye(browser_page, "data:text/html,")

    assert eye.look_at(PAGE.format(more=form)).has_form == is_there


@pytest.mark.hyphens
@pytest.mark.django_db(transaction=True)
def test_axe_comes_from_the_server_once_finds_what_is_wrong_and_leaves_no_script(
    live_server, chromium_to_look
):
    context = chromium_to_look.new_context(locale="fi-FI")
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.endswith("/axe.min.js")))
    page.goto(f"{live_server.url}/fi/")
    scripts = page.evaluate("document.scripts.length")

    before = scan(page)
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\">')"
    )
    after = scan(page)
    left = page.evaluate("document.scripts.length")
    context.close()

    assert before == []
    assert [rule for rule, _html in after] == ["image-alt"]
    assert (sum(asked), left) == (1, scripts)
