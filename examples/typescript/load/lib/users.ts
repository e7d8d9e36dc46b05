import { SharedArray } from "k6/data";

export interface User {
  name: string;
  password: string;
}

/** The users of this runner: the file holds its part of them. */
export const users = new SharedArray<User>("users", () => parse(open("./users.csv")));

function parse(csv: string): User[] {
  const [, ...rows] = csv.trim().split("\n");
  return rows.map((row) => {
    const [name, password] = row.split(",");
    return { name, password };
  });
}
