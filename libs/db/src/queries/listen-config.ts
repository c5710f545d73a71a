/** Makes a connection hear of configuration changes, told as `<book id>:<configuration version>`. */
export const listenConfigSql = 'listen tollbook_config';

/** Makes a connection hear of feeds that grew, told as `<book id>:<position>`. */
export const listenFeedSql = 'listen tollbook_feed';
