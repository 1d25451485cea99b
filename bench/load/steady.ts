// A load at a constant rate: requests of a list are sent when they are due, whether or not earlier ones have been
// answered. A slow server builds up a queue, as in production, and cannot slow down the load.
//
//   k6 run -e BASE=http://127.0.0.1:8000 -e LIST=/path/list.json -e RATE=20 bench/load/steady.ts
//
// BASE: address of any server; LIST: absolute path of a JSON array of { shape, path, status }; RATE: requests a
// second, also 0.5 (10); SECONDS (10); OFFSET: start in the list (0); LIMIT: milliseconds within which an answer is
// in time (1000); GRACE: seconds to wait for the last answers (10); OUT: file for the summary as JSON.
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import { sent, summaryTo, trendStats } from './summary.ts';

interface ListedRequest {
  path: string;
  status: number;
}

const base = (__ENV.BASE ?? 'http://127.0.0.1:8000').replace(/\/+$/, '');
const list = new SharedArray<ListedRequest>('requests', () => JSON.parse(open(__ENV.LIST ?? 'list.json')));
const rate = Number(__ENV.RATE ?? 10);
const offset = Number(__ENV.OFFSET ?? 0);
const limit = Number(__ENV.LIMIT ?? 1000);
/** Answered as expected and in time. */
const inTime = new Counter('in_time');

// As many as can be waiting while the promise is kept. If all are waiting, a due request is dropped and counted.
const users = Math.min(500, Math.max(20, Math.ceil((rate * limit) / 1000)));

export const options: Options = {
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate',
      rate: Math.round(rate * 100),
      timeUnit: '100s',
      duration: `${__ENV.SECONDS ?? 10}s`,
      preAllocatedVUs: users,
      maxVUs: users,
      gracefulStop: `${__ENV.GRACE ?? 10}s`,
    },
  },
  summaryTrendStats: trendStats,
  discardResponseBodies: true,
};

export default function () {
  const { path, status } = list[(offset + exec.scenario.iterationInTest) % list.length]!;
  sent.add(1);
  const answer = http.get(base + path);
  if (answer.status === status && answer.timings.duration <= limit) inTime.add(1);
}

export const handleSummary = summaryTo(__ENV.OUT);
