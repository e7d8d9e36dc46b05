import http from "k6/http";

export const options = {
  scenarios: {
    shop: { executor: "constant-arrival-rate", rate: 200, timeUnit: "1s", duration: "2m", preAllocatedVUs: 100 },
  },
};

export default function () {
  http.get(`${__ENV.TARGET_URL}/`, { tags: { name: "start page" } });
}
