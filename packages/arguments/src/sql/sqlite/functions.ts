const NAMES = `
abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling char coalesce concat concat_ws cos cosh count cume_dist
date datetime degrees dense_rank exp first_value floor format generate_series glob group_concat hex highlight if ifnull iif instr
json json_array json_array_insert json_array_length json_each json_error_position json_extract json_group_array json_group_object json_insert
json_object json_patch json_pretty json_quote json_remove json_replace json_set json_tree json_type json_valid
jsonb jsonb_array jsonb_array_insert jsonb_each jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch
jsonb_remove jsonb_replace jsonb_set jsonb_tree julianday
lag last_value lead length like likelihood likely ln log log10 log2 lower ltrim matchinfo max median min mod nth_value ntile nullif
octet_length offsets percent_rank percentile percentile_cont percentile_disc pi pow power printf quote radians random rank replace
round row_number rtrim sign sin sinh snippet soundex sqrt strftime string_agg substr substring subtype sum tan tanh time timediff total
trim trunc typeof unhex unicode unistr unistr_quote unixepoch unlikely upper
`;

/**
 * Functions of SQLite that use nothing but their arguments, the row, the clock and chance, and change nothing. Not here, hence
 * refused unless the policy lists them: `load_extension`, `fts3_tokenizer`, those of the shell (`readfile`, `writefile`, `edit`,
 * `eval`), those that tell about the connection (`changes`, `sqlite_version`, …), and those that only fill memory (`zeroblob`,
 * `randomblob`).
 *
 * @see https://www.sqlite.org/lang_corefunc.html and the pages on aggregate, window, date, JSON and mathematical functions
 */
export const SQLITE_FUNCTIONS: ReadonlySet<string> = new Set(NAMES.trim().split(/\s+/u));
