#!/usr/bin/env node
// The launcher behind every npm script. Plain JavaScript for Node >= 20 (or bun in its place), because it has to
// run before anything is installed. It installs missing or outdated packages, finds the bun binary and hands over
// to it.
//
//   node bin/run.mjs FILE.ts ARGS      bun FILE.ts ARGS
//   node bin/run.mjs test ARGS         bun test ARGS; without ARGS, or with --quick alone, test/all.ts. --quick skips the tests listed in test/quick.toml
//   node bin/run.mjs x TOOL ARGS       a tool from node_modules/.bin
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const bundledBun = join(modules, 'bun', 'bin', 'bun.exe'); // the package names it .exe on every system
const installing = join(root, '.data', 'installing'); // holds the PID of the installing process
const windows = process.platform === 'win32';

const [command, ...rest] = process.argv.slice(2);
if (command === undefined || command === '--help') {
  console.log('Usage: node bin/run.mjs FILE.ts [ARGS] | test [ARGS] | x TOOL [ARGS]');
  process.exit(command === undefined ? 2 : 0);
}
if (!process.versions.bun && Number.parseInt(process.versions.node, 10) < 20) {
  fail(
    `Node ${process.versions.node} is too old: version 20 or newer is needed (nodejs.org), or bun (bun.sh).`,
  );
}
install();
handOver(...commandLine(command, rest));

function fail(line) {
  console.error(line);
  process.exit(1);
}

function json(...path) {
  try {
    return JSON.parse(readFileSync(join(...path), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Why the packages have to be installed, or null. It runs before every command, so it compares only the direct
 * dependencies (a few milliseconds); the mark of an interrupted install covers the others.
 */
function missing() {
  const { dependencies, devDependencies } = json(root, 'package.json');
  // Like npm: production leaves out the development packages.
  const wanted =
    process.env.NODE_ENV === 'production' ? dependencies : { ...dependencies, ...devDependencies };
  let absent = 0;
  for (const [name, range] of Object.entries(wanted)) {
    const installed = json(modules, name, 'package.json');
    if (!installed) absent++;
    else if (/^\d/.test(range) && installed.version !== range)
      return `${name} is ${installed.version}, not ${range}`;
  }
  if (absent === Object.keys(wanted).length) return 'none is here yet';
  return absent > 0 ? `${absent} of ${Object.keys(wanted).length} are missing` : null;
}

function install() {
  const interrupted = statSync(installing, { throwIfNoEntry: false }) !== undefined;
  if (!interrupted && missing() === null) return;
  if (!claim()) return;
  const reason = missing() ?? 'the last installation was cut short';
  console.error(`Installing the packages (${reason}), this takes a minute at most ...`);
  const [program, ...tries] = installer();
  for (const args of tries) {
    const { error } = spawnSync(program, args, {
      cwd: root,
      stdio: ['ignore', 2, 2], // standard output belongs to the command that follows
      env: { ...process.env, SCARF_ANALYTICS: 'false' },
      shell: windows,
    });
    if (error) console.error(error.message);
    if (missing() === null) break;
  }
  const left = missing();
  if (left !== null) fail(`The packages could not be installed (${left}): see above, or run "npm install".`);
  rmSync(installing, { force: true });
}

/** Takes the mark of the installing process. False: another process installed while this one waited. */
function claim() {
  mkdirSync(dirname(installing), { recursive: true });
  for (let waited = 0; ; waited++) {
    try {
      const mark = openSync(installing, 'wx');
      writeSync(mark, `${process.pid}\n`);
      closeSync(mark);
      return true;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`The packages cannot be installed: ${error.message}`);
    }
    const pid = Number.parseInt(read(installing), 10);
    if (pid === process.pid || !alive(pid) || waited > 3000) rmSync(installing, { force: true });
    else if (waited === 0) console.error(`Process ${pid} is installing the packages, waiting for it ...`);
    sleep(200);
    if (statSync(installing, { throwIfNoEntry: false }) === undefined && waited > 0 && missing() === null)
      return false;
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** The installer (bun under bun, else npm, else any bun on the PATH) and the arguments to try. */
function installer() {
  // --no-save: package-lock.json is the only lock file, bun reads it and writes none of its own.
  const bunInstall = ['install', '--no-save'];
  if (process.versions.bun) return [process.execPath, bunInstall];
  const bun = onPath('bun');
  if (bun && process.env.npm_config_user_agent?.startsWith('bun/')) return [bun, bunInstall];
  const npm = onPath('npm');
  // Versions of npm differ in what they accept as a complete lock file, and "ci" is strict about it.
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  if (npm) return [npm, ['ci', ...quiet], ['install', '--no-save', ...quiet]];
  if (bun) return [bun, bunInstall];
  return fail('Neither npm nor bun is on the PATH: install Node.js (nodejs.org) or bun (bun.sh).');
}

function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of windows ? ['.cmd', '.exe'] : ['']) {
      const file = join(folder, name + ending);
      // Skips node_modules: before its install script ran, that bun is a stub.
      if (folder !== '' && !folder.startsWith(modules) && statSync(file, { throwIfNoEntry: false })?.isFile())
        return file;
    }
  }
  return null;
}

/** Installers that block install scripts leave a stub of a few hundred bytes in place of the binary. */
function isBun(file) {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000;
}

function findBun() {
  if (isBun(bundledBun)) return bundledBun;
  const script = join(modules, 'bun', 'install.js');
  console.error('Completing the bun package, whose install script was not run ...');
  spawnSync(process.execPath, [script], { cwd: dirname(script), stdio: 'ignore' });
  if (isBun(bundledBun)) return bundledBun;
  if (process.versions.bun) return process.execPath;
  return onPath('bun') ?? fail('The bun binary is missing: run "npm rebuild bun", or install bun (bun.sh).');
}

/** [program, arguments] to run. */
function commandLine(command, args) {
  if (command === 'test') {
    if (args.every((each) => each === '--quick')) return [findBun(), ['test/all.ts', ...args]];
    args = args.map((each) => (each === '--quick' ? '--config=test/quick.toml' : each));
  }
  if (command !== 'x') return [findBun(), [command, ...args]];
  const [tool, ...toolArgs] = args;
  if (tool === 'bun') return [findBun(), toolArgs];
  const file = join(modules, '.bin', String(tool));
  if (statSync(file, { throwIfNoEntry: false }) === undefined)
    fail(`There is no tool "${tool}" in node_modules/.bin.`);
  // Run by this very runtime: the first line of such a script names "node", which bun users may not have.
  return [process.execPath, [realpathSync(file), ...toolArgs]];
}

function handOver(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C in a terminal already reaches the child; a second signal would mean "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${program} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
