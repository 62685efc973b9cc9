package code

import (
	"fmt"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

// bodies are made-up functions, some with a reader; %d keeps them apart.
var bodies = map[string][2]string{
	".go": {
		"// Total%d adds up what an order costs.\nfunc Total%d(items []Item) (int64, error) {\n\tvar sum int64\n\tfor _, item := range items {\n\t\tif item.Count < 0 {\n\t\t\treturn 0, fmt.Errorf(\"item %%q: negative count\", item.Name)\n\t\t}\n\t\tsum += item.Price * item.Count\n\t}\n\treturn sum, nil\n}\n\n",
		"func dsn%d() string { return os.Getenv(\"DB_URL_%d\") }\n",
	},
	".py": {
		"def total_%d(items, tax=0.2):\n    \"\"\"Adds up what an order costs, %d times.\"\"\"\n    total = 0\n    for item in items:\n        # discounts come later\n        total += item['price'] * item[\"count\"]\n    return round(total * (1 + tax), 2)\n\n",
		"DSN_%d = os.environ[\"DB_URL_%d\"]\n",
	},
	".ts": {
		"/** Adds up what an order costs. */\nexport function total%d(items: Item[], label = `order %d`): number {\n  const prices = items.filter((i) => i.count > 0).map((i) => i.price * i.count);\n  if (prices.length === 0) throw new Error('nothing in ' + label);\n  return prices.reduce((a, b) => a + b, 0) / 100;\n}\n\n",
		"export const dsn%d = process.env.DB_URL_%d;\n",
	},
	".java": {
		"/** Adds up what an order costs. */\npublic long total%d(List<Item> items) {\n    long sum = 0;\n    for (Item item : items) {\n        if (item.count() < 0) throw new IllegalArgumentException(\"negative count %d\");\n        sum += item.price() * item.count();\n    }\n    return sum;\n}\n\n",
		"String dsn%d = System.getenv(\"DB_URL_%d\");\n",
	},
}

// tree makes files of about 20 kB.
func tree(readers bool) []*lint.Source {
	var all []*lint.Source
	for suffix, body := range bodies {
		for file := range 25 {
			var b strings.Builder
			for i := 0; b.Len() < 20_000; i++ {
				fmt.Fprintf(&b, body[0], i, i)
				if readers && i%20 == 0 {
					fmt.Fprintf(&b, body[1], i, i)
				}
			}
			all = append(all, source(fmt.Sprintf("src/file%d%s", file, suffix), b.String()))
		}
	}
	return all
}

func BenchmarkRead(b *testing.B) {
	for _, readers := range []bool{false, true} {
		b.Run(fmt.Sprintf("readers=%t", readers), func(b *testing.B) {
			files := tree(readers)
			size, found := 0, 0
			for _, src := range files {
				size += len(src.Data)
			}
			b.SetBytes(int64(size))
			for b.Loop() {
				found = 0
				for _, src := range files {
					if Claims(src) {
						docs, _ := Parse([]*lint.Source{src})
						found += len(docs)
					}
				}
			}
			if (found > 0) != readers {
				b.Fatalf("%d documents", found)
			}
		})
	}
}
