// dom.js - makes elements and pictures; text goes in as text, never as markup
// SPDX-License-Identifier: GPL-3.0-or-later

/** An element: h('button', {class: 'wide', onclick: f}, 'Send'). A false or null child is left out. */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child || child === 0));
  return node;
}

/** Changes a text only when it differs, so that nothing is announced twice. */
export function set_text(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const SVG = 'http://www.w3.org/2000/svg';

function draw(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function picture(size, grid, name, ...shapes) {
  const svg = draw('svg', {
    width: size, height: size, viewBox: `0 0 ${grid} ${grid}`, 'aria-hidden': 'true', class: name,
  });
  svg.append(...shapes);
  return svg;
}

const line = (d, width = 1.7) => draw('path', {
  d, fill: 'none', stroke: 'currentColor', 'stroke-width': width,
  'stroke-linecap': 'round', 'stroke-linejoin': 'round',
});
const solid = (d) => draw('path', { d, fill: 'currentColor' });
const disc = (cx, cy, r) => draw('circle', { cx, cy, r, fill: 'currentColor' });
const circle = (cx, cy, r) => draw('circle', {
  cx, cy, r, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.7,
});

// On a grid of 16.
const ICONS = {
  more: () => [disc(8, 3.2, 1.45), disc(8, 8, 1.45), disc(8, 12.8, 1.45)],
  down: () => [line('m3.5 6 4.5 4.5L12.500 6')],
  close: () => [line('m4 4 8 8M12 4l-8 8')],
  back: () => [line('M10 3 5 8l5 5')],
  arrow: () => [line('M8 3v9.500M3.800 8.500 8 12.700l4.200-4.200')],
  send: () => [solid('M2.300 2.200c-.4-.2-.9.200-.7.700L3.400 7.200l5.100.8-5.100.8-1.800 4.300c-.2.500.3.900.7.700l12-5.300c.5-.2.500-.8 0-1z')],
  clock: () => [circle(8, 8, 5.7), line('M8 4.800V8l2.200 1.600')],
  check: () => [line('m3.200 8.400 3.200 3.300 6.400-7.200')],
  checks: () => [line('m1 8.600 2.900 3L9.300 5M6.900 10.600l1 1L13.500 5', 1.6)],
  alert: () => [line('M8 2.300 14.300 13H1.700z'), line('M8 6.300v3'), disc(8, 11.3, 0.95)],
  offline: () => [line('M2 2.500l12 11M1.800 6.500C3 5.500 4.300 4.800 5.800 4.500M8.700 4.200c2 .2 3.900 1 5.500 2.300M4.300 9.200c.8-.7 1.700-1.100 2.700-1.300M8 12.600h.01')],
  plus: () => [line('M8 3v10M3 8h10')],
  spark: () => [solid('M7 2c.5 3 1.800 4.400 5 5-3.200.6-4.500 2-5 5-.5-3-1.800-4.400-5-5 3.200-.6 4.500-2 5-5zM12.200 9.800c.25 1.500.9 2.100 2.300 2.400-1.400.3-2.050.9-2.300 2.400-.25-1.500-.9-2.100-2.300-2.400 1.400-.3 2.050-.9 2.300-2.400z')],
  star: () => [solid('m8 1.700 1.900 4 4.400.5-3.300 3 .9 4.400L8 11.400l-3.900 2.200.9-4.400-3.300-3 4.400-.5z')],
  star_empty: () => [line('m8 2.200 1.800 3.700 4 .5-3 2.800.8 4L8 11.200l-3.600 2 .8-4-3-2.800 4-.5z', 1.3)],
};

/** `mirrors` for the few that point along the line of reading. */
export const icon = (name, size = 16) =>
  picture(size, 16, name === 'back' || name === 'send' ? 'icon mirrors' : 'icon', ...ICONS[name]());

/** The lantern that is a speech bubble: warm glass when the light is on, its outline when not. */
export function lamp(is_on, size) {
  const roof = [
    draw('circle', { cx: 12, cy: 2.7, r: 1.7, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5 }),
    solid('M8.700 4.300h6.600c.5 0 1 .2 1.300.6l4.500 4.500c.6.6.2 1.600-.7 1.600H3.600c-.9 0-1.300-1-.7-1.600l4.500-4.500c.3-.4.8-.6 1.300-.6z'),
  ];
  const glass = is_on
    ? [
      draw('path', { class: 'glass', d: 'M4.300 12.300h15.400v5.300a2.500 2.500 0 0 1-2.500 2.500h-6.300l-3.800 2.900c-.4.3-.9 0-.9-.5v-2.500a2.500 2.500 0 0 1-1.900-2.400z' }),
      draw('circle', { cx: 12, cy: 16, r: 2.2, fill: '#fffdf4' }),
    ]
    : [line('M5.100 13.100h13.800v4.500a1.700 1.700 0 0 1-1.700 1.700h-6.600l-3.400 2.500v-2.500h-.4a1.700 1.700 0 0 1-1.700-1.700z', 1.6)];
  return picture(size, 24, 'lamp', ...roof, ...glass);
}

/** Up to two letters that stand for a name. */
export function initials(name) {
  const parts = name.trim().split(/\s+/).filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  const segment = (part) => [...part][0] || '';
  return letters.map(segment).join('').toLocaleUpperCase() || '?';
}

/** A round picture of somebody, or the letters on one of ten calm colours. */
export function avatar(name, picture_path, size = '') {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  const node = h('span', { class: `avatar shade-${sum % 10} ${size}`, 'aria-hidden': 'true' });
  node.append(initials(name));
  // Pictures come from our own server only; anything else a name's owner sets is not loaded.
  if (/^\/widget\/avatar\/[\w-]+$/.test(picture_path || '')) {
    const image = h('img', { src: picture_path, alt: '', loading: 'lazy' });
    image.addEventListener('error', () => image.remove());
    node.append(image);
  }
  return node;
}
