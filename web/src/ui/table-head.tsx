/** The head of a table whose columns have plain titles. The roles are said because narrow screens lay tables out as lists. */
export function TableHead({ titles }: { titles: readonly string[] }) {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {titles.map((title) => (
          <th key={title} role="columnheader" scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
