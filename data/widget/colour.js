// colour.js - makes the owner's colour readable: inks, links and edges by computed contrast
// SPDX-License-Identifier: GPL-3.0-or-later

export const parse = (hex) => {
  const match = /^#([0-9a-f]{6})$/i.exec(hex || '');
  return match ? [0, 2, 4].map((at) => parseInt(match[1].slice(at, at + 2), 16)) : null;
};

const hex = (rgb) => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours after WCAG 2, 1 to 21. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** The colour, moved towards black or white just so far that it reaches `least` on all the grounds. */
export function readable(colour, grounds, least) {
  const goal = luminance(grounds[0]) > 0.18 ? 0 : 255;
  for (let step = 0; step <= 20; step++) {
    const moved = colour.map((part) => part + ((goal - part) * step) / 20);
    if (grounds.every((ground) => contrast(moved, ground) >= least)) return hex(moved);
  }
  return hex([goal, goal, goal]);
}

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];

/** All that follows from the brand colour on one ground, as CSS variables without their prefix. */
export function shades(brand, ground, soft) {
  const white = contrast(brand, WHITE) >= contrast(brand, BLACK);
  return {
    brand: hex(brand),
    'on-brand': white ? '#ffffff' : '#000000',
    // On a light colour the warm glass needs a line around it.
    glass: white ? 'none' : 'currentColor',
    // A link stands on the ground and on the soft bubble.
    link: readable(brand, [ground, soft], 4.6),
    ring: readable(brand, [ground], 3.1),
    edge: contrast(brand, ground) < 3 ? readable(brand, [ground], 3.1) : 'transparent',
  };
}
