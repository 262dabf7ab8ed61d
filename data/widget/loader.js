// loader.js - served as /widget.js: draws the launcher on a website, loads the chat when it is wanted
// SPDX-License-Identifier: GPL-3.0-or-later
//
// <script async src="https://HOST/widget.js" data-site="KEY"></script>
// Optional: data-colour="#2563eb" data-side="left|right" data-lang="de" data-label="Open chat".
// The page gets window.Porchlight {open, close, toggle, on}. Nothing but this file is loaded until the
// visitor opens the chat, or has a conversation that goes on. So whether somebody is in comes with this file: where
// somebody is, the server sends it as loader-lit.js, in which bundle.py has set `light`. That is true of the moment it
// was sent, so it is not asked again, and goes out when the chat was not opened for a while.
(() => {
  // What is said before the chat is there, or when it cannot come. The other languages are put in by bundle.py.
  const WORDS = { en: ['Open chat', 'Close chat', 'The chat cannot be reached. Your words are kept.', 'Try again', 'Open chat, somebody is in'] };
  const script = document.currentScript;
  const given = script && script.dataset;
  if (!script || !given.site || window.Porchlight) return;

  const app = new URL('widget/app', script.src);
  const memory = `porchlight:${given.site}`;
  const listeners = {};
  const tell_lang = () => given.lang || document.documentElement.lang || navigator.language || '';
  const said = WORDS[tell_lang().toLowerCase()] || WORDS[tell_lang().slice(0, 2).toLowerCase()] || WORDS.en;
  const facts = { colour: '#2563eb', ink: '#fff', label: said[0], close_label: said[1], light: false };
  let frame = null;
  let is_open = false;
  let is_ready = false;
  let patience;

  try {
    const kept = JSON.parse(localStorage[memory] || '{}');
    for (const key in kept) take(key, kept[key]);
  } catch {
    // Storage is blocked or holds nonsense: the launcher looks like on a first visit.
  }
  take('colour', given.colour);
  take('side', given.side);
  take('label', given.label || (facts.light ? said[4] : facts.plain));
  if (facts.light) setTimeout(dim, 300000);

  /** A fact is taken only when it has the form it must have. */
  function take(key, value) {
    const form = {
      colour: /^#[0-9a-f]{6}$/i, ink: /^#[0-9a-f]{3,6}$/i, side: /^[a-z-]{0,20}$/,
      label: /^.{1,200}$/, plain: /^.{1,200}$/, close_label: /^.{1,200}$/, count: /^.{0,9}$/,
    }[key];
    if (form ? typeof value === 'string' && form.test(value) : typeof value === 'boolean') facts[key] = value;
  }

  const host = document.createElement('porchlight-chat');
  const root = host.attachShadow({ mode: 'open' });
  const css = `:host{all:initial}
*{box-sizing:border-box}
.w{position:fixed;z-index:2147483000;inset-inline-end:calc(20px + env(safe-area-inset-right));bottom:calc(20px + env(safe-area-inset-bottom));font:15px/22px system-ui,sans-serif}
.left{left:calc(20px + env(safe-area-inset-left));right:auto}.right{right:calc(20px + env(safe-area-inset-right));left:auto}
button{position:relative;display:grid;place-items:center;width:60px;height:60px;margin:0;padding:0;border:0;border-radius:16px;background:var(--c);color:var(--i);cursor:pointer;box-shadow:0 6px 20px rgba(15,23,42,.28);touch-action:manipulation}
.on button:before{content:"";position:absolute;inset:6px;border-radius:99px;background:radial-gradient(circle at 50% 62%,rgba(255,210,122,.6),rgba(255,210,122,0) 62%)}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #1d4ed8}
svg{position:relative;grid-area:1/1;transition:opacity .12s}
.d,.open .l,.g,.on .o{opacity:0}.open .d,.on .g{opacity:1}.open button:before{display:none}
.k .g{stroke:var(--i)}
b{position:absolute;top:-7px;inset-inline-end:-7px;min-width:24px;height:24px;padding:0 6px;border-radius:99px;background:#b3261e;color:#fff;font:600 13px/24px system-ui,sans-serif;text-align:center;box-shadow:0 0 0 2px #fff}
b:empty,.open b,.p{display:none}
.p{position:fixed;inset:auto;inset-inline-end:calc(20px + env(safe-area-inset-right));bottom:calc(92px + env(safe-area-inset-bottom));width:376px;height:min(640px,100vh - 104px);height:min(640px,100dvh - 104px);border-radius:16px;overflow:hidden;background:linear-gradient(var(--c) 68px,#fff 0);box-shadow:0 0 0 1px rgba(15,23,42,.08),0 12px 40px rgba(15,23,42,.22)}
.left .p{left:20px;right:auto}.right .p{right:20px;left:auto}
.open .p{display:block;animation:r .16s ease-out}
@keyframes r{from{opacity:0;transform:translateY(12px)}}
iframe{width:100%;height:100%;border:0;display:block;opacity:0;color-scheme:light dark}.ready iframe{opacity:1}
p{display:none;position:absolute;inset:68px 0 0;margin:0;padding:120px 24px 0;color:#16191f;text-align:center}.late p{display:block}
a{display:inline-block;margin-top:14px;padding:11px;color:#1d4ed8;font-weight:600;cursor:pointer}
@media(prefers-color-scheme:dark){.p{background:linear-gradient(var(--c) 68px,#171a20 0);box-shadow:0 0 0 1px #323844,0 12px 40px rgba(0,0,0,.5)}p{color:#eef1f6}a{color:#9dbcff}b{box-shadow:0 0 0 2px #171a20}}
@media(max-width:480px),(max-height:420px){.w .p{inset:0;width:auto;height:var(--h,100dvh);border-radius:0}.open button{visibility:hidden}}
@media(prefers-reduced-motion:reduce){@keyframes r{from{opacity:0}}}
@media(forced-colors:active){button,.p{border:2px solid}}
@media print{.w{display:none}}`;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = make('style', root);
    style.nonce = script.nonce;
    style.textContent = css;
  }

  function make(tag, parent, name) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    parent.append(node);
    return node;
  }

  function draw(parent, tag, attributes) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    parent.append(node);
    return node;
  }

  const stroke = { fill: 'none', stroke: 'currentColor', 'stroke-linejoin': 'round', 'stroke-linecap': 'round' };
  const picture = (size, grid, name) => draw(button, 'svg', {
    width: size, height: size, viewBox: `0 0 ${grid} ${grid}`, class: name, 'aria-hidden': true,
  });

  // The lantern: ring, cap, and the glass that is a bubble, warm or only its outline.
  const wrap = make('div', root, 'w');
  const panel = make('div', wrap, 'p');
  const button = make('button', wrap);
  button.type = 'button';
  const lamp = picture(36, 24, 'l');
  draw(lamp, 'circle', { ...stroke, cx: 12, cy: 2.7, r: 1.7, 'stroke-width': 1.5 });
  draw(lamp, 'path', { fill: 'currentColor', d: 'M8.700 4.300h6.600c.5 0 1 .2 1.300.6l4.500 4.500c.6.6.2 1.600-.7 1.600H3.600c-.9 0-1.300-1-.7-1.600l4.500-4.500c.3-.4.8-.6 1.300-.6z' });
  draw(lamp, 'path', { class: 'g', fill: '#ffd27a', d: 'M4.300 12.300h15.400v5.300a2.500 2.500 0 0 1-2.500 2.500h-6.300l-3.800 2.900c-.4.3-.9 0-.9-.5v-2.500a2.500 2.500 0 0 1-1.900-2.400z' });
  draw(lamp, 'circle', { class: 'g', fill: '#fffdf4', cx: 12, cy: 16, r: 2.2 });
  draw(lamp, 'path', { ...stroke, class: 'o', 'stroke-width': 1.6, d: 'M5.100 13.100h13.800v4.500a1.700 1.700 0 0 1-1.700 1.700h-6.600l-3.400 2.500v-2.500h-.4a1.700 1.700 0 0 1-1.700-1.700z' });
  draw(picture(28, 16, 'd'), 'path', { ...stroke, 'stroke-width': 1.7, d: 'm3.500 6 4.500 4.500L12.500 6' });
  const badge = make('b', button);
  badge.setAttribute('aria-hidden', true);

  function show() {
    const side = /left|right/.exec(facts.side || '');
    wrap.className = ['w', is_open && 'open', is_ready && 'ready', facts.light && 'on', /^#0/.test(facts.ink) && 'k', side && side[0]]
      .filter(Boolean).join(' ');
    host.style.setProperty('--c', facts.colour);
    host.style.setProperty('--i', facts.ink);
    badge.textContent = facts.count && facts.count !== '0' && facts.unread ? facts.count : '';
    button.setAttribute('aria-label', is_open ? facts.close_label : facts.label);
    button.setAttribute('aria-expanded', is_open);
  }

  function load() {
    if (frame) return;
    app.search = new URLSearchParams({ site: given.site });
    app.hash = new URLSearchParams({ origin: location.origin, lang: tell_lang() });
    panel.textContent = '';
    is_ready = false;
    frame = make('iframe', panel);
    frame.title = given.title || 'Chat';
    frame.allow = 'autoplay';
    frame.src = app;
    // A server that is not there cannot say so itself.
    clearTimeout(patience);
    patience = setTimeout(() => {
      if (is_ready) return;
      dim();
      const words = make('p', panel);
      words.textContent = given.unreachable || said[2];
      make('br', words);
      const again = make('a', words);
      again.setAttribute('role', 'button');
      again.tabIndex = 0;
      again.textContent = given.again || said[3];
      again.onclick = again.onkeydown = (event) => {
        if (event.key && event.key !== 'Enter') return;
        forget();
        load();
        wrap.classList.remove('late');
      };
      wrap.classList.add('late');
    }, 10000);
  }

  /** Nobody can say any more whether somebody is in. */
  function dim() {
    if (!facts.light || is_ready) return;
    facts.light = false;
    facts.label = given.label || facts.plain || said[0];
    show();
  }

  function forget() {
    if (frame) frame.remove();
    frame = null;
  }

  const say = (word, more) => {
    if (is_ready) frame.contentWindow.postMessage({ porchlight: word, ...more }, app.origin);
  };

  const phone = matchMedia('(max-width:480px),(max-height:420px)');
  const tell_open = () => say(is_open ? 'open' : 'close', { phone: phone.matches });
  phone.onchange = tell_open;

  function tell_page() {
    say('page', { url: location.href, title: document.title, referrer: document.referrer });
  }

  function tell(name, value) {
    for (const listener of listeners[name] || []) {
      try {
        listener(value);
      } catch (problem) {
        setTimeout(() => { throw problem; });
      }
    }
  }

  function set_open(wanted) {
    if (is_open === wanted) return;
    is_open = wanted;
    show();
    if (wanted) {
      load();
      tell_page();
      frame.focus();
    }
    tell_open();
    if (!wanted) button.focus();
    tell(wanted ? 'open' : 'close');
  }

  addEventListener('message', (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== app.origin) return;
    const data = event.data;
    const word = data && data.porchlight;
    if (word === 'ready') {
      is_ready = true;
      clearTimeout(patience);
      wrap.classList.remove('late');
      tell_page();
      tell_open();
      tell('ready');
    } else if (word === 'close') {
      set_open(false);
    } else if (word === 'state') {
      const had = facts.count;
      for (const key of Object.keys(data)) take(key, data[key]);
      facts.unread = data.unread > 0;
      if (facts.count !== had) tell('unread', data.unread);
      try {
        // Nothing is kept that may not be true any more: no light, no count.
        const { keep, colour, ink, side, plain, close_label } = facts;
        localStorage[memory] = JSON.stringify({ keep, colour, ink, side, plain, close_label });
      } catch {
        // Blocked: the next page begins as if for the first time.
      }
    } else {
      return;
    }
    show();
  });

  for (const event of ['popstate', 'hashchange']) addEventListener(event, tell_page);
  button.onclick = () => set_open(!is_open);
  if (window.visualViewport) {
    // The keyboard of a phone covers the page: the panel ends above it.
    visualViewport.onresize = () => host.style.setProperty('--h', `${visualViewport.height}px`);
  }

  window.Porchlight = {
    open: () => set_open(true),
    close: () => set_open(false),
    toggle: () => set_open(!is_open),
    on(name, listener) {
      (listeners[name] = listeners[name] || []).push(listener);
      return () => { listeners[name] = listeners[name].filter((other) => other !== listener); };
    },
  };

  function hang() {
    document.body.append(host);
    show();
    if (facts.keep) load();
  }
  if (document.body) hang();
  else addEventListener('DOMContentLoaded', hang);
})();
