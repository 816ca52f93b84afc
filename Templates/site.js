/* Moves what the page holds. Without it each control is a link or a form. */
'use strict';
(() => {
const $ = id => document.getElementById(id);
const all = (query, root = document) => [...root.querySelectorAll(query)];
const isTyping = t => t.closest('input:not([type=radio],[type=checkbox],[type=range]),textarea,select');
const keysOn = () => $('keys')?.checked ?? true;

addEventListener('keydown', e => {
  if (e.key !== '/' || isTyping(e.target) || !keysOn() || !$('jump')) return;
  e.preventDefault(); $('jump').focus();
});
for (const box of all('.box')) box.scrollLeft = box.scrollWidth;
for (const area of all('[data-check]')) liveCheck(area);
if ($('live')) follow();

/* Asks the server what an event would do, while its form is filled in. */
function liveCheck(form) {
  let timer, last = 0;
  const ask = async () => {
    const own = ++last, body = new URLSearchParams(new FormData(form));
    body.set('preview', 'true');
    const answer = await fetch(form.action, {method: 'POST', body, headers: {'X-Fragment': 'true'}});
    const text = await answer.text();
    if (own === last && $('preview')) $('preview').innerHTML = text;
  };
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 400); });
}

/* Says that something was recorded; never moves the page under the reader. */
function follow() {
  const live = $('live');
  let source, count = 0, from = live.dataset.stream;
  const listen = () => {
    source?.close();
    if (document.hidden) return;
    source = new EventSource(from);
    source.addEventListener('appended', e => {
      count += 1;
      from = from.replace(/after=\d+/, `after=${e.lastEventId}`);
      live.hidden = false;
      live.querySelector('span').textContent = `${count} new event${count > 1 ? 's' : ''}`;
    });
  };
  /* A browser has six connections to a server: a page that nobody sees holds none. */
  addEventListener('visibilitychange', listen);
  listen();
}

const block = $('data');
if (!block) return;
const d = JSON.parse(block.textContent);
const FILL = ['m2', 'm1', 'f0', 'f1', 'f2'];
const Y = level => 132 - 40 * level;
const days = text => Date.parse(text + 'T00:00Z') / 864e5;
const iso = n => new Date(Math.round(n) * 864e5).toISOString().slice(0, 10);
const words = (text, length) => {
  const [year, month, day] = text.split('-');
  return `${+day}\u00a0${new Date(0, month - 1).toLocaleString('en', {month: 'long'}).slice(0, length)}\u00a0${year}`;
};

/* Between two knots of an axis the days are even. */
const axis = knots => {
  const p = knots.map(([day, x]) => [days(day), +x]);
  const at = (value, a, b) => {
    let i = 1;
    while (i < p.length - 1 && value > p[i][a]) i += 1;
    const q = Math.min(1, Math.max(0, (value - p[i - 1][a]) / (p[i][a] - p[i - 1][a])));
    return p[i - 1][b] + q * (p[i][b] - p[i - 1][b]);
  };
  return {x: n => at(n, 0, 1), day: x => iso(at(x, 1, 0)), from: p[0][1], to: p.at(-1)[1]};
};
const AXES = [axis(d.scale), axis(d.even)];

const HERE = location.href;
/* The day, the state of the record, and what is left out. */
const left = all('[data-x]').filter(c => c.checked);
if (left.length > 1) return; /* the server judges what is left out together */
const START = {on: d.day, k: d.shown, x: left.length ? left[0].dataset.x : ''}, s = {...START};
const stateAt = k => d.states.filter(v => v.k <= k).pop();
const line = () => s.x ? d.without[s.x].s : (stateAt(s.k) || {s: {now: -1, none: -1, parts: []}}).s;
const partAt = (l, on) => l.parts.filter(p => !p.f || p.f <= on).pop();

function readDay(text) {
  const t = text.trim();
  if (t === 'today') return d.today;
  const m = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(t);
  if (!m) return null;
  const end = m[3] ? t : m[2] ? `${t}-${new Date(m[1], m[2], 0).getDate()}` : `${m[1]}-12-31`;
  return isNaN(days(end)) || iso(days(end)) !== end ? null : end;
}

/* What the server writes, for another moment. */
const isToday = () => s.on === d.today && !d.frozen;
function lead() {
  let text = s.x ? `without ${d.without[s.x].w}, ` : '';
  if (s.k < d.head || d.frozen) text += `as known by #${s.k}, `;
  if (!isToday()) text += `on ${words(s.on)} `;
  return text;
}
const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
function sentence(l) {
  if (l.now < 0) return `By #${s.k} the record held nothing on this.` + (d.states[0] ? ` The first fact on it was recorded at #${d.states[0].k}.` : '');
  const p = partAt(l, s.on), n = isToday() ? l.now : p ? p.p : l.none;
  return capital(lead() + (n === null ? d.none : d.text[n]));
}

const num = v => Math.round(v * 10) / 10;
const span = (p, x) => [x(p.f ? days(p.f) : -1e9), x(p.to ? days(p.to) + 1 : days(d.last) + 1)];
function bars(l, x) {
  let out = '', before = null;
  for (const p of l.parts) {
    if (!p.e) continue;
    const [a, b] = span(p, x), top = Y(p.hi), bottom = Y(p.lo);
    if (before && Math.abs(before[0] - a) < .05 && (before[1] !== p.lo || before[2] !== p.hi)) {
      const from = Y(before[1]), to = Math.abs(top - from) < Math.abs(bottom - from) ? top : bottom;
      if (from !== to) out += `<path class="v" d="M${num(a)} ${num(from)}V${num(to)}"/>`;
    }
    out += `<rect class="${p.lo === p.hi ? FILL[p.lo + 2] : 'un'}" x="${num(a)}" y="${num(top - 5)}" width="${num(Math.max(b - a, 1.5))}" height="${num(bottom - top + 10)}"/>`;
    before = [b, p.lo, p.hi];
  }
  return out;
}
function ghost(l, x) {
  let out = '', end = null;
  for (const p of l.parts) {
    if (!p.e) continue;
    const [a, b] = span(p, x), y = num((Y(p.lo) + Y(p.hi)) / 2);
    out += (end !== null && Math.abs(end - a) < .05 ? `V${y}` : `M${num(a)} ${y}`) + `H${num(b)}`;
    end = b;
  }
  return `<path class="ghost" d="${out}"/>`;
}
function mark(p, x, y) {
  const c = p.h ? 'e h' : 'e';
  return p.m === 'vote' ? `<rect class="${c}" x="${num(x - 5.5)}" y="${num(y - 5.5)}" width="11" height="11"/>`
    : p.m === 'statement' ? `<circle class="${c}" cx="${num(x)}" cy="${num(y)}" r="6"/>`
    : p.m === 'sponsorship' ? `<path class="${c}" d="M${num(x)} ${num(y - 8)}l8 8-8 8-8-8z"/>`
    : `<path class="${c}" d="M${num(x)} ${num(y - 8)}l8 14h-16z"/>`;
}
const label = p => p.lo === p.hi ? d.labels[p.lo + 2] : `${d.labels[p.lo + 2]} to ${d.labels[p.hi + 2]}`;
const plain = text => text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
function marks(l, x) {
  return l.parts.filter(p => p.e).slice(-120).map(p => {
    const day = p.f || '';
    return `<a href="${d.base}#step-${p.e}" data-on="${day}" aria-label="${plain(`${day ? words(day) : 'any time before'}: ${label(p)}, ${d.text[p.a]}`)}">${mark(p, span(p, x)[0], (Y(p.lo) + Y(p.hi)) / 2)}</a>`;
  }).join('');
}

let drawn = `${s.k} ${s.x}`;
function draw() {
  const l = line(), part = partAt(l, s.on), step = part?.e ? part : null;
  const newest = d.states.at(-1), differs = newest && newest.s !== l && JSON.stringify(newest.s.parts) !== JSON.stringify(l.parts);
  const key = `${s.k} ${s.x}`;
  for (const svg of all('svg[data-even]')) {
    const a = AXES[svg.dataset.even], in_ = name => svg.querySelector('.' + name);
    if (key !== drawn) {
      in_('then').innerHTML = differs ? ghost(newest.s, a.x) : '';
      in_('now').innerHTML = bars(l, a.x);
      in_('marks').innerHTML = marks(l, a.x);
      in_('rc')?.toggleAttribute('hidden', s.k !== START.k);
    }
    const x = num(a.x(days(s.on) + 1)), flag = in_('cursor').querySelector('text');
    in_('cursor').setAttribute('transform', `translate(${x})`);
    flag.textContent = words(s.on, 3);
    flag.setAttribute('text-anchor', x > 800 ? 'end' : 'start');
    for (const m of all('.marks a', svg)) m.toggleAttribute('aria-current', step && m.getAttribute('href') === `${d.base}#step-${step.e}` && m.dataset.on === (step.f || ''));
  }
  drawn = key;
  const text = sentence(l);
  if ($('answer').innerHTML !== text) {
    $('answer').innerHTML = text;
    $('said').textContent = `${words(s.on)}: ${step ? label(step) : 'nothing recorded'}`;
  }
  const rests = $('rests').querySelector('span');
  if (rests) rests.textContent = step ? d.text[step.r] : '';
  for (const el of all('.step')) {
    const own = l.parts.some(p => `step-${p.e}` === el.id);
    el.hidden = !own;
    el.open = own && step && el.id === `step-${step.e}` && el.dataset.from === (step.f || el.dataset.from);
  }
  const missing = step && !$(`step-${step.e}`);
  const query = `?on=${s.on}&known_by=%23${s.k}`;
  const link = (id, off) => { const el = $(id); if (el) { el.hidden = off; el.querySelector('a').href = query; } };
  link('other', !missing);
  if ($('pin')) $('pin').hidden = s.k !== START.k;
  for (const a of all('#map a')) a.removeAttribute('aria-current');
  sync();
  const isStart = s.on === START.on && s.k === START.k;
  /* What only the server can write belongs to the moment that the page was opened for. */
  for (const el of all('[data-own]')) el.hidden = !isStart || s.x !== START.x && !el.dataset.own;
  link('away', isStart);
  if (!s.x && $('when')) history.replaceState(null, '', isStart ? HERE : query);
}
/* The controls follow the moments. */
function sync() {
  const l = line(), state = stateAt(s.k), i = d.states.indexOf(state);
  if (document.activeElement !== $('on') && $('on')) $('on').value = s.on;
  if (document.activeElement !== $('kb') && $('kb')) $('kb').value = '#' + s.k;
  for (const r of all('.on-range')) { const a = AXES[r.dataset.even]; r.value = 1000 * (a.x(days(s.on) + 1) - a.from) / (a.to - a.from); r.ariaValueText = words(s.on); }
  if (R) { R.value = s.k >= d.head ? d.states.length - 1 : Math.max(0, i); R.ariaValueText = state ? `#${s.k}: ${state.w}` : `#${s.k}`; }
  if ($('kb-said')) $('kb-said').textContent = `Known by #${s.k}. ` + (state ? `Last event on this: #${state.k}, ${state.t}: ${state.w}` : 'Nothing on this yet');
  const off = {'on-p': !near(l, false), 'on-n': !near(l, true), 'kb-p': i < 1, 'kb-n': i > d.states.length - 2};
  for (const id in off) if ($(id)) $(id).ariaDisabled = off[id] ? 'true' : null;
}
const go = change => { Object.assign(s, change); draw(); };

/* Sliders have no name, so that the form never sends two answers. */
function slider(host, name, max, step) {
  const r = document.createElement('input');
  Object.assign(r, {type: 'range', min: 0, max, step, ariaLabel: name});
  host.prepend(name, r);
  return r;
}
for (const host of all('.slot-on')) {
  const r = slider(host, 'True on', 1000, 'any'), a = AXES[host.dataset.even];
  r.className = 'on-range'; r.dataset.even = host.dataset.even;
  const set = on => { if (on <= d.last) go({on}); };
  r.oninput = () => set(iso(days(a.day(a.from + r.value / 1000 * (a.to - a.from))) - 1));
  r.onkeydown = e => {
    const n = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30}[e.key];
    if (n) { e.preventDefault(); set(iso(days(s.on) + n)); }
  };
}
let R = null;
if ($('slot-kb') && d.states.length > 1) {
  R = slider($('slot-kb'), 'Known by', d.states.length - 1, 1);
  R.id = 'kb-range';
  R.oninput = () => go({x: '', k: +R.value === d.states.length - 1 ? d.head : d.states[R.value].k});
  $('slot-kb').hidden = false;
}

const near = (l, up) => {
  const starts = l.parts.filter(p => p.f), now = partAt(l, s.on);
  return up ? starts.find(p => p.f > s.on) : starts.filter(p => p !== now && p.f < s.on).pop();
};
const step = up => { const p = near(line(), up); if (p) go({on: p.f}); };
const record = up => {
  const v = d.states[d.states.indexOf(stateAt(s.k)) + (up ? 1 : -1)];
  if (v) go({x: '', k: v === d.states.at(-1) ? d.head : v.k});
};
addEventListener('click', e => {
  const a = e.target.closest('a');
  if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const act = {'on-p': () => step(false), 'on-n': () => step(true), 'kb-p': () => record(false), 'kb-n': () => record(true)}[a.id];
  if (act) { e.preventDefault(); if (!a.ariaDisabled) act(); }
  else if (a.dataset.k) { e.preventDefault(); go({x: '', on: a.dataset.on, k: +a.dataset.k}); a.setAttribute('aria-current', 'true'); }
  else if (a.dataset.on) { e.preventDefault(); go({on: a.dataset.on}); }
});
if ($('when')) $('when').addEventListener('submit', e => {
  const on = readDay($('on').value), k = /^#?(\d+)$/.exec($('kb').value.trim());
  const isKnown = k && +k[1] <= d.head && +k[1] >= 1;
  if (!on) {
    e.preventDefault();
    $('fault').textContent = `Write the day as 2025-02-22, 2025-02 or 2025. You wrote “${$('on').value}”.`;
  } else if (k && !isKnown) {
    e.preventDefault();
    $('fault').textContent = `Positions go from #1 to #${d.head}.`;
  } else if (k && on <= d.last && (!d.cut || +k[1] >= d.states[0].k)) {
    e.preventDefault();
    document.activeElement.blur();
    go({on, k: +k[1]});
    $('fault').textContent = '';
  }
  $('fault').hidden = !$('fault').textContent;
  $('on').toggleAttribute('aria-invalid', !on);
});
for (const box of all('[data-x]')) box.onchange = () => {
  const chosen = all('[data-x]').filter(c => c.checked);
  if (chosen.length < 2) go({x: chosen.length ? chosen[0].dataset.x : '', k: START.k});
};
addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || isTyping(e.target) || !keysOn()) return;
  ({j: () => step(true), k: () => step(false), ']': () => record(true), '[': () => record(false)}[e.key])?.();
});
sync();
for (const el of all('.step > summary')) el.addEventListener('click', e => {
  if (!el.parentNode.open && el.parentNode.dataset.on) { e.preventDefault(); go({on: el.parentNode.dataset.on}); }
});
})();
