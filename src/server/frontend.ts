import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { compileTemplate } from '../dialects/barertc/page/template.ts';
import { TemplateError } from '../dialects/barertc/page/template-error.ts';
import type { DeskSettings } from '../dialects/desk.ts';

/** A folder that is served as it is. */
export interface StaticFolder {
  readonly prefix: string;
  readonly root: string;
}

/** The page of BareRTC's front end, where the operator named a folder with one. Throws `ConfigError`. */
export function readFrontend({ barertc }: Config): DeskSettings['frontend'] {
  if (barertc.frontend === undefined) return undefined;
  const file = join(barertc.frontend, 'index.html');
  try {
    const html = readFileSync(file, 'utf8');
    compileTemplate(html);
    return { html, path: barertc.path };
  } catch (error) {
    const reason = error instanceof TemplateError ? error.message : (error as NodeJS.ErrnoException).code;
    throw new ConfigError(`barertc.frontend: ${file} cannot be read: ${reason}`);
  }
}

/** What its page loads; `static` may lie beside the built files, as it does in the original's own folders. */
export function frontendFolders({ barertc }: Config): readonly StaticFolder[] {
  const { frontend } = barertc;
  if (frontend === undefined) return [];
  return ['assets', 'static'].flatMap((name) => {
    const root = [join(frontend, name), join(frontend, '..', name)].find((folder) => existsSync(folder));
    return root === undefined ? [] : [{ prefix: `/${name}/`, root }];
  });
}
