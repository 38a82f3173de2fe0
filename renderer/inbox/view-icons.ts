import {
  type Icon,
  IconCoin,
  IconFlag,
  IconFlame,
  IconHome,
  IconList,
  IconMail,
  IconMessage2,
  IconPhone,
  IconStar,
  IconTools,
} from '@tabler/icons-react'
import type { ViewIcon } from '../../src/inbox/contract.ts'

/** What a saved view may be marked with. */
export const viewIcons: Readonly<Record<ViewIcon, { readonly icon: Icon; readonly label: string }>> = {
  list: { icon: IconList, label: 'List' },
  star: { icon: IconStar, label: 'Star' },
  flag: { icon: IconFlag, label: 'Flag' },
  flame: { icon: IconFlame, label: 'Flame' },
  phone: { icon: IconPhone, label: 'Phone' },
  mail: { icon: IconMail, label: 'Mail' },
  message: { icon: IconMessage2, label: 'Message' },
  coin: { icon: IconCoin, label: 'Money' },
  tools: { icon: IconTools, label: 'Tools' },
  home: { icon: IconHome, label: 'House' },
}
