import { check, sleep } from "k6";
import http from "k6/http";
import { users } from "./lib/users";

export default function (): void {
  const user = users[__VU % users.length];
  const answer = http.post(`${__ENV.TARGET_URL}/login`, JSON.stringify(user));
  check(answer, { "is logged in": ({ status }) => status === 200 });
  sleep(1);
}
