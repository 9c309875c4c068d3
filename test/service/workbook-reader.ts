/** Reads the workbook at argv[2] as a supervised process would, and tells its parent how many rows it has. */
import { readWorkbook } from '../../service/workbook.ts';

let rows = 0;
try {
  for await (const batch of readWorkbook(process.argv[2] ?? '')) rows += batch.length;
  process.send?.({ rows });
} catch (error) {
  process.send?.({ error: String(error) });
}
process.disconnect();
