import { afterAll } from 'bun:test';
import { begin } from './cluster.ts';

// Loaded before the first test file (bunfig.toml).
afterAll(begin(), 60_000);
