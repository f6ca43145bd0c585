import type { StagePlan } from './stage-plan.ts';

export interface Area {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Area {
  readonly left: number;
  readonly top: number;
}

export interface StageLayout {
  readonly tiles: ReadonlyMap<string, Rect>;
  /** Of all tiles: more than the stage has where there are too many to be seen at once. */
  readonly height: number;
}

const GAP = 8;
/** As cameras are; taller where there is no room for it, but never upright. */
const WIDEST = 16 / 9;
const NARROWEST = 1;
/** Faces in anything narrower cannot be told apart; beside somebody large it is enough to see who is there. */
const MIN_WIDTH = 104;
const MIN_WIDTH_IN_STRIP = 60;
/** Of the width or height, for those who are not large. */
const STRIP = 0.26;
const STRIP_MAX = 240;
const STRIP_MIN = 96;

/** Where each tile is, in CSS pixels. */
export function layoutOf({ large, others }: StagePlan, area: Area): StageLayout {
  if (large === undefined) return gridIn(others, area);
  if (others.length === 0) return { tiles: new Map([[large, { left: 0, top: 0, ...area }]]), height: area.height };
  const beside = area.width > area.height * 1.2;
  const [strip, first] = beside ? besides(area) : below(area);
  const tiles = new Map([[large, first]]);
  for (const [key, rect] of gridIn(others, strip, MIN_WIDTH_IN_STRIP).tiles) {
    tiles.set(key, { ...rect, left: rect.left + strip.left, top: rect.top + strip.top });
  }
  const bottoms = [...tiles.values()].map(({ top, height }) => top + height);
  return { tiles, height: Math.max(area.height, ...bottoms) };
}

function besides({ width, height }: Area): readonly [Rect, Rect] {
  const strip = Math.min(STRIP_MAX, Math.max(MIN_WIDTH, width * STRIP));
  const rest = width - strip - GAP;
  return [
    { left: rest + GAP, top: 0, width: strip, height },
    { left: 0, top: 0, width: rest, height },
  ];
}

function below({ width, height }: Area): readonly [Rect, Rect] {
  const strip = Math.min(STRIP_MAX, Math.max(STRIP_MIN, height * STRIP));
  const rest = height - strip - GAP;
  return [
    { left: 0, top: rest + GAP, width, height: strip },
    { left: 0, top: 0, width, height: rest },
  ];
}

/** The grid whose tiles are largest. The last row is in the middle where it is not full. */
function gridIn(keys: readonly string[], area: Area, least = MIN_WIDTH): StageLayout {
  const { columns, tile } = bestGrid(keys.length, area, least);
  const rows = Math.ceil(keys.length / columns);
  const height = rows * (tile.height + GAP) - GAP;
  const top = Math.max(0, (area.height - height) / 2);
  const tiles = new Map<string, Rect>();
  for (const [index, key] of keys.entries()) {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, keys.length - row * columns);
    const left = (area.width - (inRow * (tile.width + GAP) - GAP)) / 2 + (index % columns) * (tile.width + GAP);
    tiles.set(key, { left, top: top + row * (tile.height + GAP), ...tile });
  }
  return { tiles, height: Math.max(area.height, height) };
}

interface Grid {
  readonly columns: number;
  readonly tile: Area;
}

function bestGrid(count: number, area: Area, least: number): Grid {
  let best: Grid = { columns: 1, tile: { width: 0, height: 0 } };
  for (let columns = 1; columns <= count; columns++) {
    const tile = tileOf(area, { columns, rows: Math.ceil(count / columns) });
    if (tile.width * tile.height > best.tile.width * best.tile.height) best = { columns, tile };
  }
  return best.tile.width >= Math.min(least, area.width) ? best : scrolling(area, least);
}

function tileOf(area: Area, { columns, rows }: { readonly columns: number; readonly rows: number }): Area {
  const width = Math.max(0, (area.width - GAP * (columns - 1)) / columns);
  const height = Math.max(0, (area.height - GAP * (rows - 1)) / rows);
  if (width > height * WIDEST) return { width: height * WIDEST, height };
  return { width, height: Math.min(height, width / NARROWEST) };
}

/** Not all of them fit: as many columns as there is room for, and as many rows as it takes. */
function scrolling({ width }: Area, least: number): Grid {
  const columns = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  const tile = (width - GAP * (columns - 1)) / columns;
  return { columns, tile: { width: tile, height: tile / 1.25 } };
}
