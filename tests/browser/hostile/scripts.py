"""Pages whose scripts replace or break what browsers have."""

from __future__ import annotations

from tests.browser.hostile.page import SENTENCE, Hostile, scripted

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


SHIMS = {
    "FormData": "window.FormData = class { append() {} get() { return null } };",
    "URLSearchParams": "window.URLSearchParams = class { constructor(text) { this.text = `${text}` } toString() { return this.text } get() {} set() {} };",
    "CustomEvent": "window.CustomEvent = function () { throw Error('an old shim') };",
    "late fetch": "addEventListener('load', () => { window.fetch = () => Promise.reject(Error('no tracking')) });",
}
