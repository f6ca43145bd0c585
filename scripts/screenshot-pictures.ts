import sharp from 'sharp';

/** Pictures for the screenshots, drawn here: nobody's face, nobody's photograph. */

interface Portrait {
  readonly wall: readonly [string, string];
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  /** Of the hair. */
  readonly long: 'yes' | 'no';
}

export const PORTRAITS = {
  ana: { wall: ['#f0cfa8', '#d98d58'], skin: '#e8b48c', hair: '#4a2a1a', shirt: '#2f6f70', long: 'yes' },
  ben: { wall: ['#c3d5e2', '#6f90b3'], skin: '#c68b5d', hair: '#15110e', shirt: '#b8452a', long: 'no' },
} as const satisfies Readonly<Record<string, Portrait>>;

/** Somebody in their room, as a camera sees them: 1280 × 720, PNG. */
export function portrait({ wall, skin, hair, shirt, long }: Portrait): Promise<Buffer> {
  const [light, dark] = wall;
  const mane =
    long === 'yes'
      ? '<ellipse cx="640" cy="285" rx="190" ry="205"/><rect x="450" y="260" width="380" height="460" rx="40"/>'
      : '<ellipse cx="640" cy="265" rx="158" ry="150"/>';
  return png(`<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720">
    <defs><linearGradient id="wall" x1="1" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/>
    </linearGradient></defs>
    <rect width="1280" height="720" fill="url(#wall)"/>
    <rect x="80" y="190" width="200" height="530" fill="#000" opacity=".12"/>
    <circle cx="180" cy="140" r="70" fill="#fff3cf" opacity=".85"/>
    <rect x="960" y="40" width="240" height="280" rx="8" fill="#fff" opacity=".35"/>
    <g fill="${hair}">${mane}</g>
    <path d="M350 720q40-210 290-210t290 210z" fill="${shirt}"/>
    <path d="M585 430h110v90q-55 60-110 0z" fill="${skin}"/>
    <ellipse cx="640" cy="320" rx="140" ry="170" fill="${skin}"/>
    <path d="M496 305q0-168 144-168t144 168q-60-88-144-88t-144 88z" fill="${hair}"/>
    <g fill="#1d1612"><circle cx="588" cy="318" r="12"/><circle cx="692" cy="318" r="12"/></g>
    <path d="M580 395q60 52 120 0" fill="none" stroke="#8a3324" stroke-width="11" stroke-linecap="round"/>
  </svg>`);
}

/** What somebody sees from their balcony: 1200 × 800, PNG. */
export function sunset(): Promise<Buffer> {
  return png(`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#35507f"/><stop offset=".35" stop-color="#9a6a86"/>
      <stop offset=".62" stop-color="#e58a55"/><stop offset="1" stop-color="#f6c37a"/>
    </linearGradient></defs>
    <rect width="1200" height="800" fill="url(#sky)"/>
    <circle cx="820" cy="470" r="92" fill="#ffefc4"/>
    <path d="M0 560l220-180 200 180 200-220 310 215 270-125v370H0z" fill="#4d3a56"/>
    <path d="M0 660l300-140 260 140 300-120 340 120v140H0z" fill="#2b2233"/>
  </svg>`);
}

function png(svg: string): Promise<Buffer> {
  return sharp(Buffer.from(svg)).png().toBuffer();
}
