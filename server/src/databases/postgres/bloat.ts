// How much of a btree index is air: pages that it has against pages that its tuples need. The formula is that of
// https://github.com/ioguix/pgsql-bloat-estimation (btree/btree_bloat.sql), which check_postgres and pgwatch use too.

export interface BtreeSize {
  /** As pg_class has them (of the last ANALYZE or VACUUM). */
  readonly pages: number;
  readonly tuples: number;
  /** Bytes. */
  readonly pageSize: number;
  /** Percent that a fresh build fills a leaf page with; 90 by default. */
  readonly fillfactor: number;
  /** Of each key and included column: pg_stats.null_frac and avg_width (bytes). */
  readonly columns: readonly { readonly nullFraction: number; readonly width: number }[];
}

/** Bytes, by the page layout: https://www.postgresql.org/docs/current/storage-page-layout.html. Alignment of a 64-bit server. */
const [pageHeader, btreePage, itemPointer, tupleHeader, nullBitmap, alignment] = [24, 16, 4, 8, 4, 8];

/**
 * Bytes that a fresh build would save, by estimate. Deduplication (PostgreSQL 13 and later) is not counted on, so an index
 * of few distinct values has more air than is said here, and never less.
 */
export function btreeBloat({ pages, tuples, pageSize, fillfactor, columns }: BtreeSize): number {
  const header = tupleHeader + (columns.some(({ nullFraction }) => nullFraction > 0) ? nullBitmap : 0);
  const data = columns.reduce((sum, { nullFraction, width }) => sum + (1 - nullFraction) * width, 0);
  const tuple = itemPointer + aligned(header) + aligned(data);
  const perPage = Math.floor(((pageSize - btreePage - pageHeader) * fillfactor) / (100 * tuple));
  const needed = perPage < 1 ? pages : 1 + Math.ceil(tuples / perPage);
  return Math.max(0, pages - needed) * pageSize;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
