"""Small pages that are hard on a script in them: by styles, patched built-ins, policies, places, keys, languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

WORDS = "The bridge was opend in 1987 by the king"
BEFORE, AFTER = "It had rained all night. ", ", who stayed for lunch."
SENTENCE = f"<p>{BEFORE}<span id=said>{WORDS}</span>{AFTER}</p>"


PDF = (
    '<embed type="application/pdf" src="data:application/pdf;base64,JVBERi0xLjQKdHJhaWxlcjw8Pj4K" width=300 height=100>'
)


@dataclass(frozen=True)
class Hostile:
    """A page by what is hostile in it; TAG in it stands where ours is, else at the end of its head.

    What is stored has these words, the text around them, and the address after the page's own, if it is another.
    """

    head: str = ""
    body: str = SENTENCE
    exact: str = WORDS
    before: str = BEFORE
    after: str = AFTER
    headers: dict[str, str] = field(default_factory=dict)
    root: str = 'lang="en"'
    title: str = "The bridge"
    url: str = ""
    door: str = "REPORT"  # where the link leads
    select: str = "text"  # or drag: with the mouse
    reason: str = ""  # what the reader is told when it cannot be sent
    violated: tuple[str, ...] = ()  # directives that only the service could be refused by

    def html(self, tag: str) -> str:
        """The page with this tag in it."""
        head = f"<meta charset=utf-8><title>{escape(self.title)}</title>{self.head}"
        if not re.search("TAG|ADD|DEFERRED|WRITTEN", self.head + self.body):
            head += "TAG"
        door = f'<p><a id=door data-corrections-report href="{self.door}">Write to us</a></p>'
        page = f"<!doctype html><html {self.root}><head>{head}</head><body>{self.body}{door}</body></html>"
        source = re.search(r'src="([^"]+)"', tag)
        address = source[1] if source else ""
        add = f'const tag = document.createElement("script"); tag.type = "module"; tag.src = "{address}"; document.head.append(tag);'
        for name, text in {
            "OTHER": tag.replace(".js", ".js?v=2"),
            "DEFERRED": tag.replace("async", "defer"),
            "ADD": add,
            "WRITTEN": tag.replace('"', "'").replace("</", "<\\/"),
            "TAG": tag,
        }.items():
            page = page.replace(name, text)
        return page


def styled(style: str, body: str = SENTENCE) -> Hostile:
    """A page with this style sheet."""
    return Hostile(f"<style>{style}</style>", body)


def scripted(script: str, **more: object) -> Hostile:
    """A page whose own script runs before ours."""
    return Hostile(f"<script>{script}</script>", **more)  # type: ignore[arg-type]


STYLES = {
    "everything unset and rotated": styled("* { all: unset !important; transform: rotate(3deg) !important }"),
    "the dialog hidden in every way": styled(
        """dialog, corrections-dialog, corrections-dialog *, [role=dialog], :modal { display: none !important;
        visibility: hidden !important; opacity: 0 !important; pointer-events: none !important; width: 0 !important;
        height: 0 !important; position: absolute !important; left: -9999px !important; clip-path: circle(0) !important }
        ::backdrop { background: #000 !important; z-index: 9 }"""
    ),
    "white on white": styled(
        "* { color: #fff !important; background: #fff !important; border-color: #fff !important; fill: #fff !important;"
        " -webkit-text-fill-color: #fff !important; accent-color: #fff !important; caret-color: #fff !important }"
    ),
    "text of no size": styled(
        """corrections-dialog, html { font: 0/0 serif !important; letter-spacing: -1em !important; text-indent: -99em
        !important; word-spacing: -9px !important; text-transform: uppercase !important; direction: rtl !important;
        writing-mode: vertical-rl !important; visibility: hidden !important; white-space: nowrap !important }
        #said { font: 16px/2 serif; letter-spacing: 0; visibility: visible; writing-mode: horizontal-tb }
        #door { visibility: visible }"""
    ),
    "shadow tricks": styled(
        """:host, ::slotted(*), ::part(dialog), corrections-dialog::part(form) { display: none !important }
        :root { --color: red; color-scheme: only dark } html { color-scheme: dark; background: #111; color: #eee }
        @layer hostile { corrections-dialog { display: none !important } } @property --x { syntax: "*"; inherits: true }"""
    ),
    "filters and zoom": styled(
        """html { filter: invert(.9) blur(4px); opacity: .05; zoom: 1.5; mix-blend-mode: difference }
        body { filter: opacity(0); transform: scale(.2); perspective: 1px; contain: strict; overflow: clip; height: 50px }"""
    ),
    "endless transitions": styled(
        """*, ::before, ::after, ::backdrop { transition: all 99s !important; animation: fly 9s infinite !important }
        @keyframes fly { to { transform: translate(99vw, 99vh); opacity: 0 } }"""
    ),
    "an overlay above all": styled(
        "#wall, #toast { position: fixed; inset: 0; z-index: 2147483647; background: #fffe; border: 0 }",
        f"{SENTENCE}<div id=wall>Accept all</div><div id=toast popover=manual>Subscribe</div>"
        "<script>toast.showPopover()</script>",
    ),
    "nothing takes the pointer": styled(
        "html, * { pointer-events: none !important; cursor: none !important; touch-action: none !important }"
    ),
}

SCRIPTS = {
    "an old Prototype": scripted(
        """const extend = (to, all) => { for (const name in all) to[name] = all[name]; return to };
        extend(Array.prototype, { toJSON() { return "[" + [].slice.call(this).join() + "]" }, each(act) { this.forEach(act) },
          first() { return this[0] }, last() { return this[this.length - 1] }, without() { return [] },
          uniq() { return this }, include(one) { return this.indexOf(one) >= 0 } });
        extend(String.prototype, { toJSON() { return "'" + this + "'" }, strip() { return this }, toArray() { return [] } });
        extend(Object.prototype, { toJSON() { return "{}" }});
        delete Object.prototype.toJSON;
        Array.from = all => all && all.toArray ? all.toArray() : [].slice.call(all || []);
        extend(Element.prototype, { update() {}, hide() {}, show() {}, select() { return [] }, down() {}, visible() { return true },
          remove() { this.parentNode.removeChild(this); return this }, getDimensions() { return {} } });"""
    ),
    "junk on Object's prototype": scripted(
        """Object.assign(Object.prototype, { extend(all) { return all }, each() {}, kind: "junk", title: "junk", exact: "junk",
        url: "https://junk.example/", email: "junk@junk.example", website: "spam", wait: 9, off: "key link", load: null,
        dialog: 1, answer: {}, reference: "JUNK-00", chosen: true, detail: {} });"""
    ),
    "descriptors on Object's prototype": scripted("Object.prototype.get = () => 1; Object.prototype.set = () => {};"),
    "broken collections": scripted(
        """Array.from = Array.of = () => [];
        for (const name of ["Map", "Set"]) window[name] = class extends window[name] { [Symbol.iterator]() { throw Error("an old shim") } };"""
    ),
    "an enumerable array": scripted(
        "Array.prototype.contains = function (one) { return this.indexOf(one) >= 0 }; Array.prototype.extra = 1;"
    ),
    "another Promise": scripted(
        """window.Promise = class { constructor(run) { run(() => {}, () => {}) } then() { return this }
          static all() { return new Promise(() => {}) } static resolve() { return new Promise(() => {}) } };"""
    ),
    "a watched then": scripted(
        """const then = Promise.prototype.then; let depth = 0;
        Promise.prototype.then = function (done, failed) { depth++; return then.call(this, done && (one => done(one)), failed) };
        Promise.prototype.catch = function (failed) { return this.then(undefined, failed) };"""
    ),
    "frozen prototypes": scripted(
        """for (const one of [Object, Array, String, Function, Promise, RegExp, Date, Number, Symbol, Map, Set, Error, Node, Element,
          HTMLElement, EventTarget, Event, CustomEvent, URLSearchParams, FormData, Selection, Range, Document])
          Object.freeze(one.prototype), Object.freeze(one);
        Object.freeze(JSON), Object.freeze(Reflect), Object.freeze(Math);"""
    ),
    "broken JSON": scripted("JSON.stringify = () => { throw Error('no') }; JSON.parse = () => ({ evil: true });"),
    "a watching fetch": scripted(
        """const real = window.fetch, seen = [];
        window.fetch = function (...all) { seen.push(`${all[0]}`); return real.apply(this, all).then(answer => answer) };"""
    ),
    "a fetch that tells lies": scripted(
        """window.fetch = async () => new Response('{"reference":"FAKE-00","status_url":"https://evil.example/"}', { status: 201 });""",
        reason="did not answer as it should",
    ),
    "a fetch that fails": scripted(
        "window.fetch = () => Promise.reject(new TypeError('blocked by client'));", reason="did not answer as it should"
    ),
    "a fetch that throws": scripted(
        "window.fetch = () => { throw Error('old shim') };", reason="did not answer as it should"
    ),
    "a fetch that gives a page": scripted(
        "window.fetch = async () => new Response('<h1>Welcome</h1>', { headers: { 'Content-Type': 'text/html' } });",
        reason="did not answer as it should",
    ),
    "a watched attachShadow": scripted(
        """const attach = Element.prototype.attachShadow; window.roots = [];
        Element.prototype.attachShadow = function (options) { const root = attach.call(this, { ...options, mode: "open" });
          roots.push(root); return root };"""
    ),
    "a watched append": scripted(
        """for (const place of [Element, Document, DocumentFragment]) for (const name of ["append", "prepend", "replaceChildren"]) {
          const real = place.prototype[name];
          place.prototype[name] = function (...all) { for (const one of all) if (one.src) one.remove(); return real.apply(this, all) } }
        const append = Node.prototype.appendChild;
        Node.prototype.append = function (one) { return append.call(this, one) };
        Node.prototype.appendChild = function (one) { if (one.localName != "iframe") return append.call(this, one) };"""
    ),
    "an escaping replace": scripted(
        """const replace = String.prototype.replace;
        String.prototype.replace = function (what, by) { return replace.call(this, what, typeof by == "string" ? by + "" : by) };
        String.prototype.trim = function () { return replace.call(this, /^[ ]+|[ ]+$/g, "") };
        String.prototype.replaceAll = String.prototype.at = undefined;"""
    ),
    "a stopped clock": scripted(
        "Date.now = () => 0; performance.now = () => 0; window.requestAnimationFrame = window.requestIdleCallback = () => 0;"
    ),
    "stopped timers": scripted("window.setTimeout = window.setInterval = () => 0;"),
    "storage that throws": scripted(
        """for (const name of ["localStorage", "sessionStorage", "indexedDB"])
          Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError") } });"""
    ),
    "storage that is null": scripted(
        'for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { value: null });'
    ),
    "full storage": scripted(
        """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") };"""
    ),
    "junk in storage": scripted(
        """for (const name of ["off", "unsent", "draft", "kind", "email"])
          localStorage.setItem(`corrections:${name}`, `%E0%A4%A\\nnull\\n{"a":[]}\\nsite=x&id=1&at=1e999&url=javascript:1\\n\\0`);"""
    ),
    "a browser of two years before": scripted(
        """delete Element.prototype.checkVisibility; delete Selection.prototype.getComposedRanges; delete Intl.Segmenter;
        delete Array.prototype.at; delete ShadowRoot.prototype.setHTMLUnsafe; delete Promise.withResolvers;"""
    ),
    "a zone around listeners": scripted(
        """for (const name of ["addEventListener", "removeEventListener"]) { const real = EventTarget.prototype[name];
          EventTarget.prototype[name] = function (what, act, ...rest) {
            return real.call(this, what, act && (event => act.call(this, event)), ...rest) } }"""
    ),
    "a lie about the network": scripted("""Object.defineProperty(navigator, "onLine", { get: () => false });"""),
    "names taken": scripted(
        """window.name = window.status = "taken"; window.site = window.words = window.root = window.SITE = window.BASE = 1;
        window.corrections = { open() { throw Error("theirs") } }; customElements.define("corrections-dialog", class extends
        HTMLElement { connectedCallback() { this.setAttribute("theirs", "") } });"""
    ),
    "a clobbered title": Hostile(body=f"<form name=title></form>{SENTENCE}"),
    "a clobbered root": Hostile(body=f"<img name=documentElement>{SENTENCE}"),
    "clobbered names": Hostile(
        body=f"""<form id=corrections name=corrections><input name=fetch><input name=append><input name=body></form>
        <img name=fetch><img name=getSelection><img name=body><img name=head>
        <img name=activeElement><a id=SITE></a><a id=words></a><a id=location></a>
        <form name=adoptedStyleSheets></form><form name=head></form><img id=dialog><img id=performance>{SENTENCE}"""
    ),
}

POLICIES = {
    "nonce and strict-dynamic": Hostile(
        head="TAG",
        headers={
            "Content_Security_Policy": "default-src 'none'; script-src 'nonce-n0nce' 'strict-dynamic'; style-src 'none';"
            " connect-src SERVICE; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        },
    ),
    "trusted types": Hostile(
        body=f"{SENTENCE}<div data-corrections-log></div>",
        headers={
            "Content_Security_Policy": "script-src SERVICE; connect-src SERVICE; style-src 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        },
    ),
    "trusted types in a report": Hostile(
        headers={
            "Content_Security_Policy_Report_Only": "default-src 'none'; script-src SERVICE; connect-src SERVICE;"
            " require-trusted-types-for 'script'; trusted-types"
        },
    ),
    "isolated from others": Hostile(
        headers={
            "Cross_Origin_Embedder_Policy": "require-corp",
            "Cross_Origin_Opener_Policy": "same-origin",
            "Cross_Origin_Resource_Policy": "same-origin",
            "Referrer_Policy": "no-referrer",
            "Permissions_Policy": "clipboard-write=(), fullscreen=(), sync-xhr=()",
            "X_Frame_Options": "DENY",
            "X_Content_Type_Options": "nosniff",
        }
    ),
    "only its own connections": Hostile(
        headers={
            "Content_Security_Policy": "default-src 'self' 'unsafe-inline'; script-src SERVICE; connect-src 'self'"
        },
        reason="did not answer as it should",
        violated=("connect-src",),
    ),
    "a base elsewhere": Hostile(head='<base href="https://evil.example/" target=evil>'),
    "a canonical elsewhere": Hostile(head='<link rel=canonical href="https://other.example/story">'),
    "a canonical of its own": Hostile(head='<link rel=canonical href="/story/7?a=1">', url="/story/7?a=1"),
    "a canonical home page": Hostile(head='<link rel=canonical href="/">'),
    "frames": Hostile(body=f"{SENTENCE}<iframe src=about:blank></iframe><object data=about:blank></object>"),
}

PLACES = {
    "a language that is none": Hostile(root='lang="../../x?y=&amp;z#"'),
    "a title of signs": Hostile(title="""</title> & "quotes" 'too' <b>bold</b> &amp; {{ 7 * 7 }} 🌉"""),
    "a tag in the body": Hostile(body=f"TAG{SENTENCE}"),
    "a tag before the body": Hostile(head="TAG<script>document.documentElement.className = 'js'</script>"),
    "an article between others": Hostile(
        body=f"""<article><h2><a rel=bookmark href="/first">First</a></h2><p>The king had lunch.</p></article>
        <article><h2><a rel=bookmark href="/second">Second</a></h2>{SENTENCE}</article>
        <article><h2><a rel=bookmark href="/third">Third</a></h2><p>Nobody came.</p></article>""",
        url="/second",
        title="Second",
    ),
    "SVG": Hostile(
        body="""<p>Before.</p><svg width=600 height=60><title>Chart</title><text x=9 y=30>Rain <tspan id=said>fell for 40 days</tspan>
        in all</text></svg><p>After.</p>""",
        exact="fell for 40 days",
        before="Rain ",
        after=" in all",
    ),
    "MathML": Hostile(
        body="<p>So <math id=said><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>3</mn></msup></math> holds.</p>",
        exact="E=mc3",
        before="So ",
        after=" holds.",
    ),
    "a table": Hostile(
        body="<table><tr><td>Rain</td><td>40</td></tr><tr id=said><td>Snow</td><td>12</td></tr><tr><td>Hail</td><td>3</td></tr></table>",
        exact="Snow 12",
        before="Rain 40 ",
        after=" Hail 3",
    ),
    "text that looks different": Hostile(
        head="""<style>#said { text-transform: uppercase } #said::before { content: "said: " } .out { display: none }
        rt { color: red }</style>""",
        body=f"""<p>{BEFORE}<span id=said>The <b>bri&shy;dge</b>&nbsp;was<br>op<wbr>end <span class=out>not</span><span hidden>never</span>
        in <ruby>1987<rp>(</rp><rt>then</rt><rp>)</rp></ruby></span>{AFTER}</p>""",
        exact="The bri\u00addge was opend in 1987",
    ),
    "text that cannot be selected": Hostile(
        body=f"<p style='user-select:none'>Never. </p>{SENTENCE}<p style='user-select:none'>Nor this.</p>"
    ),
    "right to left": Hostile(
        root='lang="ar" dir="rtl"',
        body="<p>أمطرت طوال الليل. <span id=said>افتتح الملك الجسر عام 1987</span>، ثم بقي للغداء.</p>",
        exact="افتتح الملك الجسر عام 1987",
        before="أمطرت طوال الليل. ",
        after="، ثم بقي للغداء.",
    ),
    "vertical text": Hostile(
        head="<style>body { writing-mode: vertical-rl }</style>",
        root='lang="ja"',
        body="<p>一晩中雨が降った。<span id=said>橋は1987年に開通した</span>。</p>",
        exact="橋は1987年に開通した",
        before="一晩中雨が降った。",
        after="。",
    ),
    "a translated page": Hostile(
        root='lang="de" class="translated-ltr"',
        body=f"<p><font dir=auto><font dir=auto>{BEFORE}</font><font id=said dir=auto>{WORDS}</font></font>{AFTER}</p>",
    ),
    "direction controls": Hostile(
        body="<p>Then <span id=said>the \u202eegdirb\u202c was \u2066opend\u2069</span> again.</p>",
        exact="the \u202eegdirb\u202c was \u2066opend\u2069",
        before="Then ",
        after=" again.",
    ),
    "signs of no width": Hostile(
        body="<p>Then <span id=said>می\u200cخواهم zero\u200bwidth 👩\u200d👩\u200d👧 क्\u200dष</span> again.</p>",
        exact="می\u200cخواهم zero\u200bwidth 👩\u200d👩\u200d👧 क्\u200dष",
        before="Then ",
        after=" again.",
    ),
    "text three times as large": styled("html { font-size: 300% } body { -webkit-text-size-adjust: 300% }"),
}

KEYS = {
    "a page that hears the keys last": scripted(
        """addEventListener("load", () => addEventListener("keydown", event => {
          if (event.key == "Enter" && !event.defaultPrevented) location = "/elsewhere" }));"""
    ),
    "another reporting script": scripted(
        """document.onkeypress = document.onkeyup = event => { if (event.ctrlKey && event.keyCode == 13 && !document.querySelector("#theirs"))
          { const box = document.createElement("div"); box.id = "theirs"; box.style.cssText = "position:fixed;inset:0;z-index:99999";
            document.body.append(box) } };"""
    ),
    "a page that gives no selection away": scripted(
        """document.addEventListener("copy", event => event.preventDefault()); document.addEventListener("contextmenu", event => event.preventDefault());
        document.addEventListener("mouseup", () => setTimeout(() => {}, 1)); document.oncopy = document.oncut = () => false;""",
        select="drag",
    ),
    "a focus trap": scripted(
        """document.addEventListener("focusin", event => { if (!event.target.closest?.("#said")) return;
          document.querySelector("#door").focus() }); addEventListener("blur", () => {});"""
    ),
}

SHIMS = {
    "FormData": "window.FormData = class { append() {} get() { return null } };",
    "URLSearchParams": "window.URLSearchParams = class { constructor(text) { this.text = `${text}` } toString() { return this.text } get() {} set() {} };",
    "CustomEvent": "window.CustomEvent = function () { throw Error('an old shim') };",
    "late fetch": "addEventListener('load', () => { window.fetch = () => Promise.reject(Error('no tracking')) });",
}

TAGS = {
    "twice": "TAGTAG",
    "in two versions": "TAGOTHER",
    "in the head and in a frame": "TAG<iframe srcdoc='TAG'></iframe>",
    "deferred": "DEFERRED",
    "by a tag manager": "<script>ADD</script>",
    "by a tag manager and in the page": "TAG<script>ADD</script>",
    "late": '<script>addEventListener("load", () => setTimeout(() => { ADD }, 50))</script>',
    "late, again and again": '<script>addEventListener("load", () => { for (let at = 0; at < 9; at++) setTimeout(() => { ADD }, at) })</script>',
    "by document.write": '<script>document.write("WRITTEN")</script>',
}

LEFT_ALONE = {
    "an input": ('<input id=here value="The bridge was opend">', ""),
    "a textarea": ("<textarea id=here>The bridge was opend</textarea>", ""),
    "a comment form that sends with these keys": (
        "<form><textarea id=here>My comment</textarea></form>",
        """here.onkeydown = event => { if (event.ctrlKey && event.key == "Enter") { event.preventDefault(); here.value = "sent" } }""",
    ),
    "an editor": ("<div id=here contenteditable><p>The bridge was opend</p></div>", ""),
    "an editor in a component": (
        "<div><template shadowrootmode=open><p id=here contenteditable>The bridge was opend</p></template></div>",
        "",
    ),
    "the page's own dialog": ("<dialog open><button id=here>Fine</button></dialog>", ""),
    "a page that takes the keys": (
        "<button id=here>Words</button>",
        """document.addEventListener("keydown", event => event.preventDefault(), true)""",
    ),
    "a page that lets no keys through": (
        "<button id=here>Words</button>",
        """addEventListener("keydown", event => event.stopImmediatePropagation(), true)""",
    ),
}

BIG = "".join(f"<p>{number} {'The king came to the bridge in the rain. ' * 47}</p>" for number in range(5500))

HOSTILE = {**STYLES, **SCRIPTS, **POLICIES, **PLACES, **KEYS}
