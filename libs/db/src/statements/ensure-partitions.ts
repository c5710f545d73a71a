/** Makes the partitions around $1 and drops those whose time is over; one row per change. */
export const ensurePartitionsSql = `select change, partition_name from ensure_partitions($1)`;
