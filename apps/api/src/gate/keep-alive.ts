/** How long a connection may rest between requests; answers tell it. */
export const keepAliveSeconds = 72;
