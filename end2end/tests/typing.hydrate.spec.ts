// What only a browser with JavaScript does on the search page: it answers while one types.
import { expect, open, test } from '../support/test';

test('what is typed is translated at once', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('searchbox').fill('TAXI');
  await expect(page.getByText(/TAXI dials 8294/)).toBeVisible();
  await expect(page).toHaveURL(/q=TAXI/);
});
