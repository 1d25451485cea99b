// The scenario of the seed document: each user requests four lists in turn, with a pause of a second after each.
//
//   k6 run -e BASE=http://127.0.0.1:8000 bench/load/seed.ts
//
// BASE: address of any server; USERS: at the top of the ramp (50); SCALE: of the durations (1 is two minutes);
// GRACE: seconds to wait for the last answers (30); OUT: file for the summary as JSON.
import { check, sleep } from 'k6';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { keptByShape, sent, summaryTo, trendStats } from './summary.ts';

const base = (__ENV.BASE ?? 'http://127.0.0.1:8000').replace(/\/+$/, '');
const users = Number(__ENV.USERS ?? 50);
const scale = Number(__ENV.SCALE ?? 1);

const steps = [
  ['list', ''],
  ['first_name=Anthony', '?first_name=Anthony'],
  ['search=Nicholas Heights', '?search=Nicholas%20Heights'],
  ['newest first', '?sort_by=created&ordering=descending'],
] as const;

export const options: Options = {
  scenarios: {
    seed: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: `${30 * scale}s`, target: users },
        { duration: `${60 * scale}s`, target: users },
        { duration: `${30 * scale}s`, target: 0 },
      ],
      gracefulRampDown: `${__ENV.GRACE ?? 30}s`,
      gracefulStop: `${__ENV.GRACE ?? 30}s`,
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.01'],
    http_req_duration: ['p(95)<1000'],
    ...keptByShape(steps.map(([shape]) => shape)),
  },
  summaryTrendStats: trendStats,
  discardResponseBodies: true,
};

export default function () {
  for (const [shape, query] of steps) {
    sent.add(1);
    const answer = http.get(`${base}/api/v1/customers${query}`, { tags: { shape, name: shape } });
    check(answer, { 'status is 200': ({ status }) => status === 200 });
    sleep(1);
  }
}

export const handleSummary = summaryTo(__ENV.OUT);
