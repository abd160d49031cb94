// Waits until the window has the width, if one is given, and opens what is folded; returns [the shape of the page,
// whether it is wider than the window].
//
// The shape is all that axe judges by, with the words left out: elements, attributes, whether there is text; which
// names are given twice; what refers to nothing; how large small targets are; what scrolls. A number is as good as
// another, and of alike neighbours (rows of a list) one tells of all. Two pages of one shape get one judgement.
async (width) => {
  const READ = new Set(["aria-label", "title", "alt", "placeholder", "value", "content", "href", "src", "srcset",
    "action", "formaction", "datetime", "nonce", "id", "name"]); // words, addresses: there, or there and empty
  const REFERS = new Set(["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
    "aria-activedescendant", "aria-errormessage", "aria-details", "headers", "list", "form"]);
  const LANGUAGES = new Set(["fi", "sv", "en"]);
  const plain = (text) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, "N");
  const is_there = (id) => document.getElementById(id) !== null;

  for (let frames = 0; width && innerWidth !== width; frames++) {
    if (frames > 999) throw new Error(`The window is ${innerWidth} wide, not ${width}`);
    await new Promise(requestAnimationFrame);
  }
  document.querySelectorAll("main details").forEach((one) => { one.open = true; });

  const attribute = ({name, value}) => {
    if (name === "lang") return LANGUAGES.has(value) ? name : `${name}=${value}`;
    if (name === "href" && value.startsWith("#")) return is_there(value.slice(1)) ? "href=#" : "href=#?";
    if (READ.has(name)) return value.trim() ? name : `${name}=`;
    if (REFERS.has(name)) return value.split(/\s+/).every(is_there) ? name : `${name}=?`;
    return `${name}=${plain(value)}`;
  };
  const shape = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? "#" : "";
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if (node.matches("script, link[hreflang]")) return "";
    if (node.matches("[name=language][lang]")) return "<LANGUAGE>"; // whichever is the page's own
    const inside = node.tagName === "STYLE" ? [node.textContent] : [...node.childNodes].map(shape).filter(Boolean);
    const once = inside.filter((one, n) => one !== inside[n - 1]);
    return `<${node.tagName} ${[...node.attributes].map(attribute).sort().join(" ")}>${once.join("")}</>`;
  };

  const twice = (names) => [...new Set(names.filter((one, n) => names.indexOf(one) !== n))];
  const called = (one) => {
    const by = (one.getAttribute("aria-labelledby") || "").split(/\s+/).map((id) => document.getElementById(id));
    return one.getAttribute("aria-label") || by.map((other) => other && other.textContent.trim()).join(" ");
  };
  const marks = [...document.querySelectorAll("nav, aside, section, form, header, footer, main, [role], iframe")];
  const same = twice(marks.map((one) => `${one.tagName} ${one.getAttribute("role")} ${called(one)}`))
    .map((one) => one.split(" ", 2).join(" "));
  const ids = twice([...document.querySelectorAll("[id]")].map((one) => one.id)).length;

  const TARGETS = "a[href], button, input, select, textarea, summary, [tabindex], [role=button], [role=link]";
  const small = [...document.querySelectorAll(TARGETS)].map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
    .map(([one, box]) => `${one.tagName}.${one.className} ${Math.min(24, Math.round(box.width))}x${Math.min(24, Math.round(box.height))}`);
  const scrolls = [...document.body.querySelectorAll("*")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
    .filter((one) => /auto|scroll/.test(getComputedStyle(one).overflow))
    .map((one) => `${one.tagName}.${one.className}`);

  const told = [shape(document.documentElement), same, ids, [...new Set(small)].sort(), [...new Set(scrolls)].sort()];
  return [JSON.stringify(told), document.documentElement.scrollWidth > document.documentElement.clientWidth];
}
