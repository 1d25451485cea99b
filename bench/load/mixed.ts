// A mixed load without pauses: each user sends the next request of a list as soon as the last one is answered.
// The list is generated beforehand (`npm run load -- --scenario mixed` does it), so that every server gets the
// same requests in the same order.
//
//   k6 run -e BASE=http://127.0.0.1:8000 -e LIST=/path/list.json bench/load/mixed.ts
//
// BASE: address of any server; LIST: absolute path of a JSON array of { shape, path, status }; USERS (8);
// SECONDS (30); GRACE: seconds to wait for the last answers (30); OUT: file for the summary as JSON.
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { keptByShape, sent, summaryTo, trendStats } from './summary.ts';

interface ListedRequest {
  shape: string;
  path: string;
  status: number;
}

const base = (__ENV.BASE ?? 'http://127.0.0.1:8000').replace(/\/+$/, '');
const list = new SharedArray<ListedRequest>('requests', () => JSON.parse(open(__ENV.LIST ?? 'list.json')));

export const options: Options = {
  scenarios: {
    mixed: {
      executor: 'constant-vus',
      vus: Number(__ENV.USERS ?? 8),
      duration: `${__ENV.SECONDS ?? 30}s`,
      gracefulStop: `${__ENV.GRACE ?? 30}s`,
    },
  },
  thresholds: keptByShape([...new Set(list.map(({ shape }) => shape))]),
  summaryTrendStats: trendStats,
  discardResponseBodies: true,
};

export default function () {
  const { shape, path, status } = list[exec.scenario.iterationInTest % list.length]!;
  sent.add(1);
  const answer = http.get(base + path, { tags: { shape, name: shape } });
  check(answer, { 'status as expected': (given) => given.status === status });
}

export const handleSummary = summaryTo(__ENV.OUT);
