// Asks the target at a steady rate, whatever the number of runners: k6 splits the rate and the VUs between them.
import { check } from "k6";
import http from "k6/http";

export const options = {
  scenarios: {
    checkout: {
      executor: "constant-arrival-rate",
      rate: 40,
      timeUnit: "1s",
      duration: __ENV.DURATION || "20s",
      preAllocatedVUs: 20,
    },
  },
};

export default function () {
  const answer = http.get(`${__ENV.TARGET_URL}/?${__ENV.TARGET_QUERY || "delay=20ms"}`, { tags: { name: "checkout" } });
  check(answer, { "status is 200": ({ status }) => status === 200 });
}
