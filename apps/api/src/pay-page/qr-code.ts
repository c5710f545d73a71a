import { encode } from 'uqr';
import { Html } from './html.js';

/** Modules around a code that a camera needs to find it. */
const quietModules = 4;

/** A QR code as one SVG path, dark on light whatever the page's colours: cameras need it so. */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const dots = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const side = size + 2 * quietModules;
  const box = `${-quietModules} ${-quietModules} ${side} ${side}`;
  return new Html(
    `<svg class="qr" viewBox="${box}" role="img" aria-label="${label}" shape-rendering="crispEdges">` +
      `<rect x="${-quietModules}" y="${-quietModules}" width="${side}" height="${side}" fill="#fff"/>` +
      `<path d="${dots.join('')}" fill="#000"/></svg>`,
  );
}
