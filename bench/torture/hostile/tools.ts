import { join } from 'node:path';
import { pythonEnvironment } from '../../python.ts';

/** The folder with the programs Schemathesis and sqlmap; `missing` says on one line why there are none. */
export const attackTools = () =>
  pythonEnvironment({
    name: 'attack-tools',
    what: 'Schemathesis and sqlmap',
    requirements: [join(import.meta.dir, 'requirements.txt')],
    options: ['--only-binary=:all:'],
  });
