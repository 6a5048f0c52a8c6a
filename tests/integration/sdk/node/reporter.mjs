// Reports each test as one line of JSON, which test_node.py reads; what a file writes to stderr goes to stderr.
import { inspect } from "node:util";

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === "test:stderr") process.stderr.write(data.message);
    if (type !== "test:pass" && type !== "test:fail") continue;
    const skipped = Boolean(data.skip || data.todo);
    const error = type === "test:fail" ? inspect(data.details.error, { depth: 6 }) : "";
    yield `${JSON.stringify({ name: data.name, error, skipped })}\n`;
  }
}
