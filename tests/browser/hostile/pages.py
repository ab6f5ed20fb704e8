"""Small pages that are hard on a script in them: by styles, policies, places, keys and tags."""

from __future__ import annotations

from tests.browser.hostile.page import AFTER, BEFORE, SENTENCE, WORDS, Hostile, scripted, styled
from tests.browser.hostile.scripts import SCRIPTS

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
