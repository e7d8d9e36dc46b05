import { check } from "k6";
import http from "k6/http";

export const options = { vus: 20, duration: "2m" };

export default function () {
  check(http.get(`${__ENV.TARGET_URL}/`), { "status is 200": ({ status }) => status === 200 });
}
